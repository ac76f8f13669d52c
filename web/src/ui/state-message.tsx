import type { ReactNode } from 'react';

/** What a panel shows instead of data: nothing found, or an error. */
export function StateMessage({
  title,
  children,
  actions,
  isError = false,
}: {
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
  readonly isError?: boolean;
}) {
  return (
    <div className="state" role={isError ? 'alert' : 'status'}>
      <strong>{title}</strong>
      {children !== undefined && <p>{children}</p>}
      {actions !== undefined && <div className="actions">{actions}</div>}
    </div>
  );
}
