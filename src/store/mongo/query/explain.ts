/** How a server executes a query. */
export interface ExplainedPlan {
  /** The names of the indexes that are read, in order, without duplicates. */
  readonly indexes: readonly string[];
  readonly scansCollection: boolean;
  /** Whether the server sorts rows in memory before it returns the first one. */
  readonly sortsRows: boolean;
  /** The names of all stages, outermost first. */
  readonly stages: readonly string[];
}

type Node = { readonly [key: string]: unknown };

const COLLECTION_SCANS = ['COLLSCAN', 'Seq Scan'];
const SORTS = ['SORT', 'SORT_KEY_GENERATOR', 'Sort', 'Incremental Sort'];

/**
 * Reads the output of `explain` in MongoDB's format (classic, slot-based or sharded) or in PostgreSQL's format, which
 * DocumentDB returns. Of a pipeline in MongoDB's format, only the part that reads the collection is read.
 *
 * @throws Error for any other format.
 */
export function readExplain(explained: Node): ExplainedPlan {
  const [first] = (explained.stages ?? []) as { readonly $cursor?: Node }[];
  const planner = (first?.$cursor ?? explained).queryPlanner as Node | undefined;
  const root = planner?.winningPlan ?? planner?.Plan;
  if (root === undefined) throw new Error('not the output of explain');
  const nodes = nodesOf(root as Node);
  const stages = nodes.flatMap((node) => textOf(node.stage ?? node['Node Type']));
  return {
    indexes: [...new Set(nodes.flatMap((node) => textOf(node.indexName ?? node['Index Name'])))],
    scansCollection: stages.some((stage) => COLLECTION_SCANS.includes(stage)),
    sortsRows: stages.some((stage) => SORTS.includes(stage)),
    stages,
  };
}

/** The properties that hold a node's children, in either format. */
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
