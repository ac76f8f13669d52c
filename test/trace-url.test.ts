import { expect, it, onTestFinished } from 'vitest';
import { loadConfig } from '../src/config/config.ts';
import { testApp } from './support/app.ts';

const traceUrlOf = async (environment: Record<string, string>) => {
  const app = await testApp(environment);
  onTestFinished(() => app.close());
  const key = await app.key('acme');
  const { data } = await app.graphql(key, '{ viewer { traceUrlTemplate } }');
  return data;
};

it('viewer.traceUrlTemplate is RELAYLOG_TRACE_URL', async () => {
  const url = 'https://traces.example.com/trace/{traceId}?org=1';
  expect(await traceUrlOf({ RELAYLOG_TRACE_URL: url })).toEqual({ viewer: { traceUrlTemplate: url } });
});

it('viewer.traceUrlTemplate is null without it', async () => {
  expect(await traceUrlOf({})).toEqual({ viewer: { traceUrlTemplate: null } });
});

it.each(['javascript:alert({traceId})', 'https://traces.example.com/', 'traces/{traceId}'])(
  'RELAYLOG_TRACE_URL cannot be %s',
  (url) => {
    expect(() => loadConfig({ RELAYLOG_TRACE_URL: url })).toThrow(
      'must be an http or https URL that contains {traceId}',
    );
  },
);
