import { z } from 'zod';
import { FORWARDED_HEADERS, isNetwork } from '../lib/client-address.ts';
import { commaList, type Variables } from './variable.ts';

/** Proxies in front of the server. */
export const PROXY_VARIABLES = {
  RELAYLOG_TRUSTED_PROXIES: {
    schema: z
      .string()
      .transform(commaList)
      .pipe(
        z.array(
          z.string().refine(isNetwork, 'must be a list of IP addresses or networks such as 10.0.0.0/8'),
        ),
      ),
    default: '',
    description:
      'Comma-separated IP addresses or networks of proxies, such as `127.0.0.1,10.0.0.0/8`, whose header tells the address of a client. If unset, the address is that of the connection.',
  },
  RELAYLOG_FORWARDED_HEADER: {
    schema: z.enum(FORWARDED_HEADERS, `must be ${FORWARDED_HEADERS.join(' or ')}`),
    default: 'x-forwarded-for',
    description:
      'The header that trusted proxies set: `x-forwarded-for` or `forwarded`. Only one is read, because clients can send the other one.',
  },
} as const satisfies Variables;
