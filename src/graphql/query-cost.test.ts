import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { logId } from '../log/log-id.ts';
import { encodeGlobalId } from './global-id.ts';
import { costOf } from './query-cost.ts';
import { schema } from './schema.ts';

const cost = (query: string, variables = {}, name?: string) => costOf(schema, parse(query), name, variables);

describe('costOf', () => {
  it.each<[string, number]>([
    ['{ viewer { plan } }', 2],
    ['{ requestLogs(first: 1) { nodes { path } } }', 1 + 2],
    ['{ requestLogs(first: 7) { nodes { path method } } }', 1 + 7 * 3],
    ['{ requestLogs(last: 7) { edges { cursor node { path } } } }', 1 + 7 * 4],
    ['{ requestLogs { nodes { path } } }', 1 + 50 * 2],
    ['{ requestLogs(first: 100) { nodes { responseBody } } }', 1 + 100 * 6],
    ['{ requestLogs(first: 100) { pageInfo { hasNextPage } } }', 1 + 1 + 0 + 100],
    ['{ requestLogs(first: 100) { totalCount } }', 1 + 50],
    ['{ requestLogs(first: 1) { totalCount(exact: true) } }', 1 + 1000],
    ['{ requestLogs(first: -100) { nodes { path } } }', 1 + 2],
    ['{ requestLogs(first: 2000000000) { nodes { path } } }', 1 + 100 * 2],
    ['{ requestLogStats { id measures { count } } }', 100 + 1 + 11],
    ['{ requestLogStats { groups(by: [METHOD]) { nodes { id } } } }', 100 + 10 + 10 * 2],
    ['{ requestLogStats { groups(by: [HOST], top: 90) { groupCount other { count } } } }', 100 + 10 + 1 + 2],
    ['{ requestLogStats { groups(by: [HOST], top: 2000000000) { nodes { id } } } }', 100 + 10 + 100 * 2],
    ['{ requestLogStats { groups(by: [HOST], top: -1) { nodes { id } } } }', 100 + 10 + 2],
    ['{ requestLogStats { buckets(interval: DAY) { id from } } }', 100 + 10 + 2],
    [
      '{ requestLogStats { groups(by: [HOST], top: 3) { nodes { sampleRequestLog { path } } } } }',
      100 + 10 + 3 * 12,
    ],
    ['{ __schema { types { fields { type { name } } } } }', 84],
  ])('%s: %i', (query, expected) => {
    expect(cost(query).cost).toBe(expected);
  });

  it('reads page sizes and ids from variables', () => {
    const logs = 'query ($n: Int = 9) { requestLogs(first: $n) { nodes { path } } }';
    expect(cost(logs).cost).toBe(1 + 9 * 2);
    expect(cost(logs, { n: 20 }).cost).toBe(1 + 20 * 2);
    const nodes = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';
    const ids = ['a', 'b', 'c'].map((name) => encodeGlobalId('RequestLog', logId(0, 'acme', name)));
    expect(cost(nodes, { ids }).cost).toBe(3 + 3);
    expect(cost(nodes, { ids: [] }).cost).toBe(1);
  });

  it('rejects percentages that are not valid, once instead of for each bucket', () => {
    const percentile = (p: string) =>
      cost(`{ requestLogStats { measures { durationMs { percentile(p: ${p}) } } } }`);
    expect(() => percentile('100.1')).toThrow('A percentile must be from 0 to 100, not 100.1.');
    expect(percentile('99.9').cost).toBe(100 + 12);
  });

  it('counts a fragment at each spread, with the page size of that connection', () => {
    const fragment = 'fragment F on RequestLogConnection { nodes { path } totalCount }';
    const query = `{ a: requestLogs(first: 1) { ...F } b: requestLogs(first: 100) { ...F } } ${fragment}`;
    expect(cost(query).cost).toBe(2 + (2 + 50) + (200 + 50));
  });

  it('counts only the requested operation', () => {
    const query = 'query A { viewer { plan } } query B { requestLogs(first: 100) { nodes { path } } }';
    expect(cost(query, {}, 'A').cost).toBe(2);
    expect(cost(query, {}, 'B').cost).toBe(201);
    expect(cost(query, {}, 'C')).toEqual({ cost: 0, depth: 0 });
  });

  it('counts levels of nested fields', () => {
    expect(cost('{ requestLogs { edges { node { path } } } }').depth).toBe(4);
    expect(cost('{ requestLogs { ... { ... { totalCount } } } }').depth).toBe(2);
  });
});
