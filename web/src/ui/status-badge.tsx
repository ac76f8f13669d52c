import { statusClassOf } from '../fields/status-class.ts';

/** The status code; its colour says its class. */
export function StatusBadge({ statusCode }: { readonly statusCode: number }) {
  return <span className={`badge status-badge status-${statusClassOf(statusCode)}`}>{statusCode}</span>;
}
