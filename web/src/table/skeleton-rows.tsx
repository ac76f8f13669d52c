const ROWS = Array.from({ length: 24 }, (_, index) => index);

/** What the table shows while its first page loads. */
export function SkeletonRows() {
  return (
    <div className="log-skeleton" role="status" aria-label="Loading requests">
      {ROWS.map((row) => (
        <div key={row}>
          <span className="skeleton" />
          <span className="skeleton" />
          {/* Widths differ so that it looks like text. */}
          <span className="skeleton" style={{ width: `${35 + ((row * 37) % 50)}%` }} />
          <span className="skeleton" />
        </div>
      ))}
    </div>
  );
}
