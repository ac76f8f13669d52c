import './filter-bar.css';
import { type ReactNode, useEffect, useEffectEvent, useId, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import type { Span } from '../filter/condition.ts';
import { filterOfConditions } from '../filter/filter-of-conditions.ts';
import { parse } from '../filter/parse-query.ts';
import { useQuestion, withTime } from '../state/question.tsx';
import { useUrlState } from '../state/url-state.ts';
import { CloseIcon, SearchIcon } from '../ui/icons.tsx';
import { isUnfinished } from './completion.ts';
import { FilterChip, RemoveButton } from './filter-chip.tsx';
import { FilterHelp } from './filter-help.tsx';
import { FilterInput } from './filter-input.tsx';
import { useSlashKey } from './use-slash-key.ts';

const PAUSE_MS = 400;

/**
 * The conditions as text and as chips.
 *
 * @param children what stands between them: beside the text, above the chips.
 */
export function FilterBar({ children }: { readonly children: ReactNode }) {
  const [{ q, filter: other }, setState] = useUrlState();
  const { time, zone } = useQuestion();
  const input = useRef<HTMLInputElement>(null);
  const problemsId = useId();
  /** The text in the input, and the one of the URL that it has been made from. */
  const [draft, setDraft] = useState({ text: q, of: q });
  // The URL was changed elsewhere: by a click on a facet, by Back.
  if (draft.of !== q) setDraft({ text: q, of: q });
  const text = draft.of === q ? draft.text : q;
  /** Where the text is being written; null without focus. */
  const [caret, setCaret] = useState<number | null>(null);
  /** The text at the last Enter, whose problems are all shown. */
  const [entered, setEntered] = useState('');
  /** Whether this text already has an entry in the history of the browser, which its next change replaces. */
  const hasEntry = useRef(false);

  const { conditions, problems } = parse(text);
  const isAtCaret = ({ start, end }: Span) => caret !== null && start <= caret && caret <= end;
  const shownProblems = problems.filter((problem) => text === entered || !isAtCaret(problem));

  // A word that becomes the name of a field is no condition yet.
  const isWriting = caret !== null && text !== entered && isUnfinished(text, caret);
  const shownConditions = conditions.filter((condition) => !(isWriting && isAtCaret(condition)));

  const apply = (written: string, isFinal: boolean) => {
    const next = written.trim();
    if (next !== q) {
      setState({ q: next }, { history: hasEntry.current ? 'replace' : 'push' });
      hasEntry.current = true;
    }
    setDraft({ text: written, of: next });
    if (isFinal) hasEntry.current = false;
  };
  const applyPause = useEffectEvent(() => {
    if (!isWriting) apply(text, false);
  });
  useEffect(() => {
    if (text === q) return;
    const timer = setTimeout(applyPause, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, q]);
  useSlashKey(() => input.current!.focus());

  const remove = ({ start, end }: Span) =>
    apply([text.slice(0, start).trim(), text.slice(end).trim()].filter(Boolean).join(' '), true);
  const edit = ({ start, end }: Span) => {
    input.current!.focus();
    input.current!.setSelectionRange(start, end);
  };
  const filterWithout = (start: number, end: number) => {
    const others = filterOfConditions(conditions.filter((one) => one.end <= start || one.start >= end));
    return withTime(other === null ? others : { and: [others, other] }, time);
  };
  const clear = () => {
    flushSync(() => {
      setState({ q: '', filter: null });
      setDraft({ text: '', of: '' });
    });
    hasEntry.current = false;
    input.current!.focus();
  };
  return (
    <>
      <div className="filter-field">
        <SearchIcon />
        <FilterInput
          ref={input}
          text={text}
          describedBy={shownProblems.length > 0 ? problemsId : undefined}
          isInvalid={shownProblems.length > 0}
          filterWithout={filterWithout}
          onChange={(next) => setDraft({ text: next, of: q })}
          onCaret={setCaret}
          onApply={() => {
            apply(text, true);
            setEntered(text);
          }}
          onLeave={() => apply(text.trim(), true)}
        />
        {text === '' && other === null ? (
          <kbd className="filter-key" title="Press / to write a filter">
            /
          </kbd>
        ) : (
          <button
            type="button"
            className="button quiet icon filter-button"
            aria-label="Clear the filter"
            onClick={clear}
          >
            <CloseIcon />
          </button>
        )}
        <FilterHelp />
      </div>
      {children}
      <div className="filter-conditions">
        {(shownConditions.length > 0 || other !== null) && (
          <ul className="filter-chips" aria-label="Conditions">
            {shownConditions.map((condition) => (
              <FilterChip
                key={condition.start}
                condition={condition}
                zone={zone}
                onEdit={() => edit(condition)}
                onRemove={() => remove(condition)}
              />
            ))}
            {other !== null && (
              <li className="filter-chip" title={JSON.stringify(other, null, 2)}>
                <span className="filter-chip-edit filter-chip-field">Custom filter</span>
                <RemoveButton name="the custom filter" onRemove={() => setState({ filter: null })} />
              </li>
            )}
          </ul>
        )}
        <ul className="filter-problems" id={problemsId} aria-live="polite">
          {shownProblems.map(({ start, end, message }) => (
            <li key={start}>
              <code>{text.slice(start, end)}</code> {message}
            </li>
          ))}
        </ul>
      </div>
    </>
  );
}
