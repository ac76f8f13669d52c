import './status-badge.css';

/** The status code; its colour says its class. */
export function StatusBadge({ statusCode }: { readonly statusCode: number }) {
  return <span className={`badge status-badge status-${Math.floor(statusCode / 100)}xx`}>{statusCode}</span>;
}
