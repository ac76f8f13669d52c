import './limits.css';
import type { ReactNode } from 'react';

/** One line above the results. Screen readers say it when it appears. */
export function Notice({
  tone,
  children,
  action,
}: {
  /** `info`: nothing to do. `warning`: answers are late or differ. `danger`: there are none at present. */
  readonly tone: 'info' | 'warning' | 'danger';
  readonly children: ReactNode;
  readonly action?: ReactNode;
}) {
  return (
    <div className={`notice ${tone}`}>
      <p role="status">{children}</p>
      {action}
    </div>
  );
}
