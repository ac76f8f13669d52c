/** What a server says of how it answers a query. */
export interface ExplainedPlan {
  /** Names of the indexes that are read, in order, each once. */
  readonly indexes: readonly string[];
  readonly scansCollection: boolean;
  /** Whether it collects rows and sorts them before it returns the first. */
  readonly sortsRows: boolean;
  /** Every stage, outermost first, as the server calls it. */
  readonly stages: readonly string[];
}

type Node = { readonly [key: string]: unknown };

const COLLECTION_SCANS = ['COLLSCAN', 'Seq Scan'];
const SORTS = ['SORT', 'SORT_KEY_GENERATOR', 'Sort', 'Incremental Sort'];

/**
 * Reads an answer of `explain`: MongoDB's own shape (plain, slot-based, sharded), or PostgreSQL's, as DocumentDB gives
 * it.
 *
 * @throws Error if it is neither.
 */
export function readExplain(explained: Node): ExplainedPlan {
  const planner = explained.queryPlanner as Node | undefined;
  const root = planner?.winningPlan ?? planner?.Plan;
  if (root === undefined) throw new Error('not an answer of explain');
  const nodes = nodesOf(root as Node);
  const stages = nodes.flatMap((node) => textOf(node.stage ?? node['Node Type']));
  return {
    indexes: [...new Set(nodes.flatMap((node) => textOf(node.indexName ?? node['Index Name'])))],
    scansCollection: stages.some((stage) => COLLECTION_SCANS.includes(stage)),
    sortsRows: stages.some((stage) => SORTS.includes(stage)),
    stages,
  };
}

/** Where either shape keeps a node's children. */
const CHILDREN = [
  'queryPlan',
  'shards',
  'winningPlan',
  'inputStage',
  'inputStages',
  'thenStage',
  'elseStage',
  'Plans',
];

function nodesOf(node: Node): Node[] {
  const children = CHILDREN.flatMap((name) => node[name] ?? []) as Node[];
  return [node, ...children.flatMap(nodesOf)];
}

function textOf(value: unknown): string[] {
  return typeof value === 'string' ? [value] : [];
}
