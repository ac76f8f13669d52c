import { LockIcon } from '../ui/icons.tsx';

/** Stands for what the caller may not see. */
export function Locked() {
  return (
    <span className="locked">
      <LockIcon /> Requires the scope logs:sensitive
    </span>
  );
}
