import { type DragEvent, useState } from 'react';
import { useUrlState } from '../state/url-state.ts';
import { useViewer } from '../state/viewer.ts';
import {
  DEFAULT_COLUMNS,
  isSensitive,
  moveColumn,
  parseColumns,
  serializeColumns,
  toggleColumn,
} from './column-choice.ts';
import { COLUMN_LABELS, COLUMN_NAMES, type ColumnName } from './column-names.ts';
import { setColumnWidths } from './column-widths.ts';

/** Chooses the columns and their order. */
export function ColumnsMenu() {
  const canSeeAll = useViewer().scopes.includes('logs:sensitive');
  const [{ cols }, setState] = useUrlState();
  const [dragged, setDragged] = useState<ColumnName | null>(null);
  const offered = COLUMN_NAMES.filter((name) => canSeeAll || !isSensitive(name));
  const chosen = parseColumns(cols).filter((name) => offered.includes(name));
  const choose = (names: readonly ColumnName[]) =>
    setState({ cols: serializeColumns(names) }, { history: 'replace' });
  const dropOn = (event: DragEvent, target: ColumnName) => {
    event.preventDefault();
    if (dragged !== null)
      choose(moveColumn(chosen, dragged, chosen.indexOf(target) - chosen.indexOf(dragged)));
  };
  return (
    <div className="columns-menu">
      <ul aria-label="Columns that are shown, in their order">
        {chosen.map((name, index) => (
          <li
            key={name}
            draggable
            data-dragged={dragged === name}
            onDragStart={(event) => {
              event.dataTransfer.effectAllowed = 'move';
              setDragged(name);
            }}
            onDragEnd={() => setDragged(null)}
            onDragOver={(event) => event.preventDefault()}
            onDrop={(event) => dropOn(event, name)}
          >
            <span className="grip" aria-hidden="true" />
            <Choice name={name} isChosen onToggle={() => choose(toggleColumn(chosen, name))} />
            <MoveButton
              name={name}
              by={-1}
              isEnd={index === 0}
              onMove={() => choose(moveColumn(chosen, name, -1))}
            />
            <MoveButton
              name={name}
              by={1}
              isEnd={index === chosen.length - 1}
              onMove={() => choose(moveColumn(chosen, name, 1))}
            />
          </li>
        ))}
      </ul>
      <ul aria-label="Columns that are not shown">
        {offered
          .filter((name) => !chosen.includes(name))
          .map((name) => (
            <li key={name}>
              <Choice name={name} isChosen={false} onToggle={() => choose(toggleColumn(chosen, name))} />
            </li>
          ))}
      </ul>
      <button
        type="button"
        className="button"
        onClick={() => {
          choose(DEFAULT_COLUMNS);
          setColumnWidths({});
        }}
      >
        Reset
      </button>
    </div>
  );
}

function Choice({
  name,
  isChosen,
  onToggle,
}: {
  readonly name: ColumnName;
  readonly isChosen: boolean;
  readonly onToggle: () => void;
}) {
  return (
    <label>
      <input type="checkbox" checked={isChosen} onChange={onToggle} /> {COLUMN_LABELS[name]}
    </label>
  );
}

function MoveButton({
  name,
  by,
  isEnd,
  onMove,
}: {
  readonly name: ColumnName;
  readonly by: 1 | -1;
  readonly isEnd: boolean;
  readonly onMove: () => void;
}) {
  return (
    <button
      type="button"
      className="button quiet icon"
      aria-label={`Move ${COLUMN_LABELS[name]} ${by < 0 ? 'up' : 'down'}`}
      // It stays focusable at the end of the list, so that a move by keyboard does not lose the focus.
      aria-disabled={isEnd}
      onClick={onMove}
    >
      <span aria-hidden="true">{by < 0 ? '↑' : '↓'}</span>
    </button>
  );
}
