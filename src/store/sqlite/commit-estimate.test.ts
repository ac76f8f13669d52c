import { expect, it } from 'vitest';
import { CommitEstimate } from './commit-estimate.ts';

it('foresees the commit from those of the last transactions', () => {
  const commits = new CommitEstimate();
  expect(commits.withCommit(100)).toBe(100);
  for (let i = 0; i < 20; i++) commits.add(200, 400);
  expect(commits.withCommit(100)).toBeCloseTo(300);
  for (let i = 0; i < 20; i++) commits.add(200, 50);
  expect(commits.withCommit(100)).toBeCloseTo(125);
});

it('learns nothing from short transactions, whose commits take longer than their work', () => {
  const commits = new CommitEstimate();
  for (let i = 0; i < 20; i++) commits.add(0.1, 200);
  commits.add(0, 200);
  expect(commits.withCommit(100)).toBe(100);
});

it('recovers from one slow commit, although it interrupts the next transactions early', () => {
  const commits = new CommitEstimate();
  commits.add(200, 60_000);
  const rowMs = 0.05;
  for (let i = 0; i < 20; i++) {
    let workMs = 0;
    while (commits.withCommit(workMs) < 300) workMs += 200 * rowMs;
    commits.add(workMs, workMs / 4);
  }
  expect(commits.withCommit(100)).toBeCloseTo(125, 0);
});
