import { type CatalogueQuestion, catalogue } from '../../test/store/catalogue.ts';
import { keyName, ORGANIZATION, routeName } from '../stats/logs.ts';

/** The questions of the catalogue about the logs of `logBatches`, which end at `end`, in Unix milliseconds. */
export function catalogueAt(end: number): readonly CatalogueQuestion[] {
  return catalogue(ORGANIZATION, end, {
    method: 'POST',
    routePattern: routeName(3),
    apiKeyId: keyName(7),
    consumerId: 'consumer',
    service: 'api',
  });
}
