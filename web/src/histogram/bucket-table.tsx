import { STATUS_CLASSES } from '../fields/status-class.ts';
import { formatDuration } from '../format/duration.ts';
import { formatNumber } from '../format/number.ts';
import type { Bar } from './bars.ts';

/** The numbers of the chart, the newest first. */
export function BucketTable({
  bars,
  formatRange,
}: {
  readonly bars: readonly Bar[];
  readonly formatRange: (from: number, to: number) => string;
}) {
  const classes = STATUS_CLASSES.filter(
    (name) => name !== '1xx' || bars.some(({ counts }) => counts[name] > 0),
  );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard must be able to scroll it
    <section className="histogram-table" tabIndex={0} aria-label="Requests over time, as a table">
      <table className="numbers">
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">Requests</th>
            {classes.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
            <th scope="col">p95</th>
          </tr>
        </thead>
        <tbody>
          {bars.toReversed().map(({ from, to, total, counts, p95 }) => (
            <tr key={from}>
              <th scope="row">{formatRange(from, to)}</th>
              <td>{formatNumber(total)}</td>
              {classes.map((name) => (
                <td key={name} className={counts[name] === 0 ? 'muted' : ''}>
                  {formatNumber(counts[name])}
                </td>
              ))}
              <td>{p95 === null ? '–' : formatDuration(p95)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
