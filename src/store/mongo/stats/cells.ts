import type { Document } from 'mongodb';
import { FIELDS, type LogField } from '../../../log/fields.ts';
import type { FieldValue } from '../../../log/filter.ts';
import { DIMENSIONS, type DimensionName, groupsFilter } from '../../../stats/dimensions.ts';
import { BIN_COUNT, BIN_FORMULA } from '../../../stats/duration-bins.ts';
import { MEASURED_FIELDS, type Measures } from '../../../stats/measures.ts';
import type { CheckedPart } from '../../../stats/question.ts';
import { Sketch } from '../../../stats/sketch.ts';
import { CLIENT_ERROR, SERVER_ERROR, statusCodesOf } from '../../../stats/status-class.ts';
import { type TimeGrid, timeGrid } from '../../../stats/time-grid.ts';
import { toCondition } from '../../condition.ts';
import { filterOf } from '../query/filter.ts';

/** The measures of one group of a part, within one interval of its time grid. */
export interface Cell {
  readonly _id: {
    /** Index of the part. */
    readonly part: number;
    /** The fields of the dimensions, without those that the logs do not have. Missing if the part has no groups. */
    readonly by?: { readonly [F in LogField]?: FieldValue };
    /** Index of the interval. Missing if the part has no buckets. */
    readonly interval?: number;
  };
  readonly count: number;
  readonly clientErrorCount: number;
  readonly serverErrorCount: number;
  readonly billedUnits: number;
  readonly firstCreatedAt: Date;
  readonly lastCreatedAt: Date;
  readonly durationSum: number;
  /** Null if no log has a duration. */
  readonly durationMin: number | null;
  /** -1 if no log has a duration. */
  readonly durationMax: number;
  /** For each bin of durations that is not empty: its count times `BINS`, plus its index. The bin of null has index 0. */
  readonly bins: readonly number[];
}

/** Number of bins, including that of null. */
const BINS = BIN_COUNT + 1;

const NO_DURATION = FIELDS.durationMs.nullSortKey;

/**
 * The pipeline that returns the cells of all parts by one pass over the logs.
 *
 * Each log is counted once for each part. The first group has one document for each bin of a cell; the second collects the bins
 * of each cell, so that a reply contains no document for each of them.
 *
 * @param matching the stages that select the logs.
 */
export function cellsPipeline(matching: readonly Document[], parts: readonly CheckedPart[]): Document[] {
  return [
    ...matching,
    {
      $project: {
        _id: 0,
        ...Object.fromEntries(MEASURED_FIELDS.map((field) => [field, 1])),
        group: parts.map((part, i) => ({ cell: cellOf(part, i), bin: BIN })),
      },
    },
    { $unwind: '$group' },
    ...(parts.length > 1 && parts.some(({ buckets }) => buckets !== null)
      ? [{ $match: { $or: parts.map(matchingCells) } }]
      : []),
    {
      $group: {
        _id: '$group',
        count: { $sum: 1 },
        clientErrorCount: { $sum: hasClass(CLIENT_ERROR) },
        serverErrorCount: { $sum: hasClass(SERVER_ERROR) },
        billedUnits: { $sum: '$billedUnits' },
        firstCreatedAt: { $min: '$createdAt' },
        lastCreatedAt: { $max: '$createdAt' },
        durationSum: { $sum: '$durationMs' },
        durationMin: { $min: '$durationMs' },
        durationMax: { $max: '$durationMs' },
      },
    },
    {
      $group: {
        _id: '$_id.cell',
        count: { $sum: '$count' },
        clientErrorCount: { $sum: '$clientErrorCount' },
        serverErrorCount: { $sum: '$serverErrorCount' },
        billedUnits: { $sum: '$billedUnits' },
        firstCreatedAt: { $min: '$firstCreatedAt' },
        lastCreatedAt: { $max: '$lastCreatedAt' },
        // A bin of null has the sum and the minimum of its sentinel number.
        durationSum: { $sum: { $max: ['$durationSum', 0] } },
        durationMin: { $min: { $cond: [{ $gte: ['$durationMin', 0] }, '$durationMin', null] } },
        durationMax: { $max: '$durationMax' },
        bins: { $push: { $add: [{ $multiply: ['$count', BINS] }, '$_id.bin', 1] } },
      },
    },
  ];
}

/** The bin of a log's duration as `binOf` defines it; -1 without one. */
const BIN = {
  $cond: [
    { $lt: ['$durationMs', BIN_FORMULA.firstWide] },
    { $ifNull: ['$durationMs', NO_DURATION] },
    {
      $subtract: [{ $ceil: { $divide: [{ $ln: '$durationMs' }, BIN_FORMULA.lnGamma] } }, BIN_FORMULA.shift],
    },
  ],
};

function cellOf({ groups, buckets }: CheckedPart, part: number): Document {
  return {
    part: { $literal: part },
    ...(groups && { by: Object.fromEntries(fieldsOf(groups.by).map((field) => [field, `$${field}`])) }),
    ...(buckets && { interval: intervalOf(timeGrid(buckets.ranges)) }),
  };
}

function intervalOf({ from, to, length }: TimeGrid): Document {
  const index = { $floor: { $divide: [{ $subtract: ['$createdAt', new Date(from)] }, length] } };
  const isWithin = [{ $gte: ['$createdAt', new Date(from)] }, { $lt: ['$createdAt', new Date(to)] }];
  return { $cond: [{ $and: isWithin }, index, null] };
}

/** Matches the cells that the part needs: those within its grid, and of its groups if they are given. */
function matchingCells({ groups, buckets }: CheckedPart, part: number): Document {
  const ofPart = { 'group.cell.part': part };
  if (buckets === null) return ofPart;
  const given = groups && filterOf(toCondition(groupsFilter(groups.by, groups.keys)), 'group.cell.by.');
  return { ...ofPart, 'group.cell.interval': { $ne: null }, ...(given && { $and: [given] }) };
}

function fieldsOf(by: readonly DimensionName[]): LogField[] {
  return by.map((name) => DIMENSIONS[name].field);
}

function hasClass(digit: number): Document {
  const { lowest, highest } = statusCodesOf(digit);
  return {
    $cond: [{ $and: [{ $gte: ['$statusCode', lowest] }, { $lte: ['$statusCode', highest] }] }, 1, 0],
  };
}

export function measuresOfCell(cell: Cell): Measures {
  const sketch = new Sketch();
  let count = 0;
  for (const packed of cell.bins) {
    const bin = packed % BINS;
    if (bin === 0) continue;
    const inBin = (packed - bin) / BINS;
    sketch.addBin(bin - 1, inBin);
    count += inBin;
  }
  return {
    count: cell.count,
    clientErrorCount: cell.clientErrorCount,
    serverErrorCount: cell.serverErrorCount,
    billedUnits: cell.billedUnits,
    firstCreatedAt: cell.firstCreatedAt.getTime(),
    lastCreatedAt: cell.lastCreatedAt.getTime(),
    durations: {
      count,
      sum: cell.durationSum,
      min: cell.durationMin,
      max: count === 0 ? null : cell.durationMax,
      sketch: sketch.encode(),
    },
  };
}
