import { graphql, useFragment } from 'react-relay/hooks';
import type { aroundButtons_log$key } from '../__generated__/aroundButtons_log.graphql';
import { includeValue } from '../filter/edit-query.ts';
import { useUrlState } from '../state/url-state.ts';
import { MINUTE_MS } from '../time/units.ts';

const AROUND_MS = 15 * MINUTE_MS;
const FIELDS = [
  ['apiKeyId', 'this API key'],
  ['routePattern', 'this route'],
  ['consumerId', 'this consumer'],
] as const;

/** Shows the requests of the same caller or route from a quarter of an hour before the log to one after it. */
export function AroundButtons({ log: key }: { readonly log: aroundButtons_log$key }) {
  const log = useFragment(
    graphql`
      fragment aroundButtons_log on RequestLog {
        createdAt
        apiKeyId
        routePattern
        consumerId
      }
    `,
    key,
  );
  const [, setState] = useUrlState();
  const known = FIELDS.filter(([field]) => typeof log[field] === 'string');
  if (known.length === 0) return null;
  const createdAt = Date.parse(log.createdAt);
  return (
    <section className="detail-section">
      <h3>Requests around this time of</h3>
      <div className="detail-actions">
        {known.map(([field, label]) => (
          <button
            key={field}
            type="button"
            className="button"
            aria-label={`Requests of ${label} around this time`}
            onClick={() =>
              setState({
                view: 'logs',
                q: includeValue('', field, log[field] ?? null),
                filter: null,
                range: { kind: 'absolute', from: createdAt - AROUND_MS, to: createdAt + AROUND_MS },
                sort: { field: 'CREATED_AT', direction: 'DESC' },
              })
            }
          >
            {label}
          </button>
        ))}
      </div>
    </section>
  );
}
