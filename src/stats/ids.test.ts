import { expect, it } from 'vitest';
import type { Filter } from '../log/filter.ts';
import type { GroupKeyPart } from './dimensions.ts';
import { bucketIds, groupId, statsId } from './ids.ts';

const GET: Filter = { op: 'eq', field: 'method', value: 'GET' };
const GET_AS_LIST: Filter = { op: 'in', field: 'method', values: ['GET'] };
const POST: Filter = { op: 'eq', field: 'method', value: 'POST' };

const route = (value: string | null): GroupKeyPart => ({ dimension: 'ROUTE_PATTERN', value });
const host = (value: string | null): GroupKeyPart => ({ dimension: 'HOST', value });

const answer = statsId('acme', GET);

it('the same question has the same id', () => {
  expect(statsId('acme', GET_AS_LIST)).toBe(answer);
  expect(groupId(statsId('acme', GET_AS_LIST), [route('/a')])).toBe(groupId(answer, [route('/a')]));
  expect(bucketIds(answer, 'DAY', 'UTC')(0)).toBe(bucketIds(statsId('acme', GET_AS_LIST), 'DAY', 'UTC')(0));
});

it('different parts have different ids', () => {
  const group = groupId(answer, [route('/a')]);
  const ids = [
    answer,
    statsId('globex', GET),
    statsId('acme', POST),
    group,
    groupId(answer, [route('/b')]),
    groupId(answer, [route(null)]),
    groupId(answer, [route('null')]),
    groupId(answer, [route('')]),
    groupId(answer, [host('/a')]),
    groupId(answer, [route('/a'), host(null)]),
    groupId(answer, [host(null), route('/a')]),
    groupId(answer, [route('/a","HOST'), host(null)]),
    groupId(statsId('globex', GET), [route('/a')]),
    bucketIds(answer, 'DAY', 'UTC')(0),
    bucketIds(answer, 'DAY', 'UTC')(36),
    bucketIds(answer, 'HOUR', 'UTC')(0),
    bucketIds(answer, 'DAY', 'Europe/Berlin')(0),
    bucketIds(group, 'DAY', 'UTC')(0),
  ];
  expect(new Set(ids).size).toBe(ids.length);
});

it('ids are short and safe in URLs', () => {
  const longest = 'x'.repeat(8_192);
  for (const id of [
    answer,
    groupId(answer, [route(longest)]),
    bucketIds(answer, 'DAY', 'UTC')(Date.UTC(9999, 0)),
  ]) {
    expect(id).toMatch(/^[\w-]{22,32}$/);
  }
});

it('ids are the same in every process', () => {
  const group = groupId(answer, [route('/a'), host(null)]);
  expect([
    answer,
    group,
    bucketIds(group, 'DAY', 'Europe/Berlin')(Date.UTC(2026, 0, 1)),
  ]).toMatchInlineSnapshot(`
    [
      "ukZaM-O_4vemooqcaH1jI6",
      "v4fvrVKxu2pkQYjz9QcWnE",
      "rS-wxPJ0mQfsSiCQBVFh_mmjuohs00",
    ]
  `);
});
