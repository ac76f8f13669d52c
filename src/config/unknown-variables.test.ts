import { expect, it } from 'vitest';
import { VARIABLES } from './config.ts';
import { unknownVariables } from './unknown-variables.ts';

it.each([
  ['RELAYLOG_STORE_ULR', 'RELAYLOG_STORE_URL'],
  ['RELAYLOG_MAX_REQUESTS', 'RELAYLOG_MAX_REQUESTS_IN_FLIGHT'],
  ['RELAYLOG_REQUEST_SECONDS', 'RELAYLOG_REQUEST_TIMEOUT_SECONDS'],
])('warns about %s and suggests %s', (name, nearest) => {
  expect(unknownVariables({ [name]: '1' })).toEqual([
    `${name} is not a known variable and has no effect; did you mean ${nearest}?`,
  ]);
});

it('does not warn about known variables, variables of other programs and those that Kubernetes sets', () => {
  const kubernetes = [
    'RELAYLOG_SERVICE_HOST',
    'RELAYLOG_SERVICE_PORT',
    'RELAYLOG_SERVICE_PORT_HTTP',
    'RELAYLOG_PORT',
    'RELAYLOG_PORT_4000_TCP',
    'RELAYLOG_PORT_4000_TCP_PROTO',
    'RELAYLOG_PORT_4000_TCP_PORT',
    'RELAYLOG_PORT_4000_TCP_ADDR',
  ];
  const names = [...Object.keys(VARIABLES), ...kubernetes, 'PATH', 'RELAYLOGS'];
  expect(unknownVariables(Object.fromEntries(names.map((name) => [name, 'x'])))).toEqual([]);
});
