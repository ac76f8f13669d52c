import './graphql-dialog.css';
import { type KeyboardEvent, useId, useState } from 'react';
import { useShownOperations } from '../relay/shown-operations.ts';
import { OperationText } from './operation-text.tsx';
import { panelLabel, panelOrder } from './panel-label.ts';

const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1 };

/** The operations whose answers are on the screen, one tab for each panel. */
export default function OperationTabs() {
  const operations = useShownOperations().toSorted((a, b) => panelOrder(a.name) - panelOrder(b.name));
  const [chosen, setChosen] = useState<string | null>(null);
  const index = Math.max(
    0,
    operations.findIndex(({ name }) => name === chosen),
  );
  const id = useId();
  const operation = operations[index];
  const moveBy = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = STEPS[event.key];
    if (step === undefined) return;
    const next = (index + step + operations.length) % operations.length;
    setChosen(operations[next]!.name);
    event.currentTarget.querySelectorAll('button')[next]?.focus();
  };
  return (
    <div className="graphql-dialog">
      <p className="muted">
        What you see is answered by the public API. Each panel sends one operation, which runs as it is.
      </p>
      <div className="operation-tabs" role="tablist" aria-label="Panels" onKeyDown={moveBy}>
        {operations.map(({ name }, position) => (
          <button
            key={name}
            id={`${id}-${name}`}
            type="button"
            role="tab"
            aria-selected={position === index}
            aria-controls={`${id}-panel`}
            tabIndex={position === index ? 0 : -1}
            onClick={() => setChosen(name)}
          >
            {panelLabel(name)}
          </button>
        ))}
      </div>
      {operation !== undefined && (
        <div id={`${id}-panel`} role="tabpanel" aria-labelledby={`${id}-${operation.name}`}>
          <OperationText key={operation.name} operation={operation} />
        </div>
      )}
    </div>
  );
}
