import { parser } from '@prometheus-io/lezer-promql';

/** What a selector asks of one label. */
export interface Matcher {
  readonly label: string;
  readonly operator: '=' | '!=' | '=~' | '!~';
  readonly value: string;
}

export interface Selector {
  readonly metric: string;
  readonly matchers: readonly Matcher[];
}

/** What a PromQL query reads. */
export interface Reads {
  readonly selectors: readonly Selector[];
  /** Labels that it groups or joins by. */
  readonly groupedBy: readonly string[];
}

/** @throws Error if it is not PromQL. */
export function readsOf(query: string): Reads {
  const selectors: { metric: string; matchers: Matcher[] }[] = [];
  const groupedBy: string[] = [];
  parser.parse(query).iterate({
    enter({ type, node, from, to }) {
      const text = (child: typeof node | null) => (child === null ? '' : query.slice(child.from, child.to));
      if (type.isError) throw new Error(`not PromQL at ${from}: ${query}`);
      if (type.name === 'VectorSelector') {
        selectors.push({ metric: text(node.getChild('Identifier')), matchers: [] });
      }
      if (type.name === 'UnquotedLabelMatcher') {
        selectors.at(-1)!.matchers.push({
          label: text(node.getChild('LabelName')),
          operator: text(node.getChild('MatchOp')) as Matcher['operator'],
          value: JSON.parse(text(node.getChild('StringLiteral'))),
        });
      }
      if (type.name === 'GroupingLabels') {
        groupedBy.push(...node.getChildren('LabelName').map((name) => query.slice(name.from, name.to)));
      }
      if (type.name === 'QuotedLabelMatcher') throw new Error(`not expected: ${query.slice(from, to)}`);
    },
  });
  return { selectors, groupedBy };
}
