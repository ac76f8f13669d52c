import { describe, expect, it } from 'vitest';
import { readExplain } from './explain.ts';

describe('the output of explain', () => {
  it("is read in MongoDB's format", () => {
    const winningPlan = {
      stage: 'LIMIT',
      inputStage: {
        stage: 'FETCH',
        inputStage: { stage: 'IXSCAN', indexName: 'newest', direction: 'backward' },
      },
    };
    expect(readExplain({ queryPlanner: { winningPlan } })).toEqual({
      indexes: ['newest'],
      scansCollection: false,
      sortsRows: false,
      stages: ['LIMIT', 'FETCH', 'IXSCAN'],
    });
  });

  it('is read for the slot-based engine and for several shards', () => {
    const shard = (stage: string) => ({
      shardName: stage,
      winningPlan: { queryPlan: { stage: 'SORT', inputStage: { stage } }, slotBasedPlan: {} },
    });
    const winningPlan = { stage: 'SHARD_MERGE_SORT', shards: [shard('IXSCAN'), shard('COLLSCAN')] };
    expect(readExplain({ queryPlanner: { winningPlan } })).toMatchObject({
      scansCollection: true,
      sortsRows: true,
    });
  });

  it("is read in PostgreSQL's format", () => {
    const scan = { 'Node Type': 'Index Scan', 'Index Name': 'slowest' };
    const limit = (plan: object) => ({
      queryPlanner: {
        Plan: { 'Node Type': 'Limit', Plans: [{ 'Node Type': 'Custom Scan', Plans: [plan] }] },
      },
    });
    expect(readExplain(limit(scan))).toMatchObject({
      indexes: ['slowest'],
      scansCollection: false,
      sortsRows: false,
    });
    expect(readExplain(limit({ 'Node Type': 'Sort', Plans: [{ 'Node Type': 'Seq Scan' }] }))).toMatchObject({
      indexes: [],
      scansCollection: true,
      sortsRows: true,
    });
  });

  it('is read for a pipeline', () => {
    const $cursor = { queryPlanner: { winningPlan: { stage: 'IXSCAN', indexName: 'newest' } } };
    expect(readExplain({ stages: [{ $cursor }, { $group: { _id: '$method' } }] })).toMatchObject({
      indexes: ['newest'],
      stages: ['IXSCAN'],
    });
  });

  it('is rejected in any other format', () => {
    expect(() => readExplain({ ok: 1 })).toThrow('not the output of explain');
  });
});
