import { lazy, Suspense, useState } from 'react';
import { CodeIcon } from '../ui/icons.tsx';

const GraphqlDialog = lazy(async () => ({ default: (await import('./graphql-dialog.tsx')).GraphqlDialog }));

/** Opens the GraphQL of what is on the screen. */
export function GraphqlButton() {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        className="button"
        aria-label="Show the GraphQL"
        title="Show the GraphQL of what is on the screen"
        onClick={() => setOpen(true)}
      >
        <CodeIcon /> <span className="bar-text">GraphQL</span>
      </button>
      {isOpen && (
        <Suspense fallback={null}>
          <GraphqlDialog onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
