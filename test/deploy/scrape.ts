import type { Matcher, Selector } from './promql.ts';

interface Sample {
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Labels that Prometheus adds to what it scrapes. */
const ADDED = ['job', 'instance'];

/** The samples of a text in Prometheus' format. */
export function samplesOf(text: string): Sample[] {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return lines.map((line) => {
    const [, metric = '', labels = ''] = /^([\w:]+)(?:\{(.*)\})? /.exec(line) ?? [];
    const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)];
    return { metric, labels: Object.fromEntries(pairs.map(([, name, value]) => [name!, value!])) };
  });
}

/** Whether a selector finds a sample, whatever its values of `ignored` labels are. */
export function finds(
  samples: readonly Sample[],
  { metric, matchers }: Selector,
  ignored: readonly string[],
) {
  const own = matchers.filter(({ label }) => !ADDED.includes(label) && !ignored.includes(label));
  return samples.some((sample) => sample.metric === metric && own.every((one) => matches(sample, one)));
}

function matches({ labels }: Sample, { label, operator, value }: Matcher): boolean {
  const has = labels[label];
  if (has === undefined) return false;
  const equal = operator.includes('~') ? new RegExp(`^(?:${value})$`).test(has) : has === value;
  return operator.startsWith('!') ? !equal : equal;
}

/** Names of the labels of a metric. */
export function labelsOf(samples: readonly Sample[], metric: string): string[] {
  return [
    ...samples.filter((one) => one.metric === metric).flatMap(({ labels }) => Object.keys(labels)),
    ...ADDED,
  ];
}
