import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import { formatNumber } from '../time/format.ts';
import type { Bar, Layer } from './bars.ts';
import { colorReader, useTheme } from './chart-colors.ts';
import { PLOT_INSETS } from './plot-insets.ts';
import { axisLabels } from './time-labels.ts';

export interface PlotProps {
  readonly bars: readonly Bar[];
  readonly layers: readonly Layer[];
  readonly hasP95: boolean;
  /** For each bar the number of requests in the period before. Null: it is not compared. */
  readonly before: readonly (number | null)[] | null;
  readonly zone: string;
}

/** What the chart paints. Pointer, keyboard and names are those of the chart around it. */
export function Plot(props: PlotProps) {
  const container = useRef<HTMLDivElement>(null);
  const theme = useTheme();
  // biome-ignore lint/correctness/useExhaustiveDependencies: colours are those of the theme
  useEffect(() => {
    const element = container.current!;
    const size = () => ({ width: element.clientWidth, height: element.clientHeight });
    const plot = new uPlot({ ...optionsOf(props, colorReader(element)), ...size() }, dataOf(props), element);
    const observer = new ResizeObserver(() => plot.setSize(size()));
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [props.bars, props.layers, props.hasP95, props.before, props.zone, theme]);
  return <div ref={container} className="histogram-plot" aria-hidden="true" />;
}

function dataOf({ bars, layers, hasP95, before }: PlotProps): uPlot.AlignedData {
  const columns: (readonly (number | null)[])[] = [
    bars.map(({ from, to }) => (from + to) / 2),
    ...layers.map(({ tops }) => tops),
  ];
  if (before !== null) columns.push(before);
  if (hasP95) columns.push(bars.map(({ p95 }) => p95));
  return columns as unknown as uPlot.AlignedData;
}

function optionsOf(
  { bars, layers, hasP95, before, zone }: PlotProps,
  color: (token: string) => string,
): Omit<uPlot.Options, 'width' | 'height'> {
  const paths = uPlot.paths.bars!({ size: [0.84, 40] });
  const line = { width: 1.25, points: { show: true, size: 4, filter: isolatedPoints } };
  const axis = {
    stroke: color('text-2'),
    font: `11px ${getComputedStyle(document.body).fontFamily}`,
    grid: { show: false },
    ticks: { show: false },
    gap: 4,
  };
  return {
    ms: 1,
    padding: [PLOT_INSETS.top, 0, 0, 0],
    tzDate: (time) => uPlot.tzDate(new Date(time), zone),
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { range: () => [bars[0]!.from, bars.at(-1)!.to] },
      y: { range: (_, __, max) => [0, Math.max(1, max * 1.05)] },
      ms: { range: (_, __, max) => [0, Math.max(1, max * 1.05)] },
    },
    series: [
      {},
      ...layers.map(({ name }) => ({
        paths,
        width: 0,
        fill: color(`chart-${name}`),
        points: { show: false },
      })),
      ...(before === null ? [] : [{ ...line, stroke: color('chart-previous'), dash: [4, 3] }]),
      ...(hasP95 ? [{ ...line, scale: 'ms', stroke: color('chart-line') }] : []),
    ],
    axes: [
      {
        ...axis,
        size: PLOT_INSETS.bottom,
        space: 70,
        values: (_, times, __, ___, step) => axisLabels(times, step, zone),
      },
      {
        ...axis,
        size: PLOT_INSETS.left,
        space: 26,
        grid: { stroke: color('line'), width: 1 },
        incrs: COUNT_STEPS,
        values: (_, counts) => counts.map(formatCount),
      },
      {
        ...axis,
        scale: 'ms',
        side: 1,
        show: true,
        space: 26,
        size: PLOT_INSETS.right,
        values: (_, durations) => durations.map((ms) => (hasP95 ? formatTick(ms) : '')),
      },
    ],
  };
}

/** Whole numbers only: there is no half of a request. */
const COUNT_STEPS = Array.from({ length: 12 }, (_, power) =>
  [1, 2, 5].map((step) => step * 10 ** power),
).flat();
const COMPACT = new Intl.NumberFormat('en-GB', { notation: 'compact' });
const formatCount = (count: number) => (count < 10_000 ? formatNumber(count) : COMPACT.format(count));

/** Milliseconds, short: ticks are round numbers. */
function formatTick(ms: number): string {
  if (ms === 0) return '0';
  if (ms < 1_000) return `${ms} ms`;
  return ms < 60_000 ? `${ms / 1_000} s` : `${COMPACT.format(ms / 60_000)} min`;
}

/** The values that no line would show, because the ones beside them are missing. */
function isolatedPoints(plot: uPlot, series: number): number[] {
  const values = plot.data[series]!;
  const indexes = [...values.keys()];
  return indexes.filter(
    (index) => values[index] != null && values[index - 1] == null && values[index + 1] == null,
  );
}
