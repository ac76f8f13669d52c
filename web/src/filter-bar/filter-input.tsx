import { type KeyboardEvent, type RefObject, useId, useState } from 'react';
import { flushSync } from 'react-dom';
import type { RequestLogFilter } from '../filter/request-log-filter.ts';
import { completionAt } from './completion.ts';
import { SuggestionList } from './suggestion-list.tsx';
import { type Suggestion, suggestionsFor } from './suggestions.ts';
import { useValues } from './use-values.ts';

/** The text of the filter with suggestions: a combobox by the ARIA pattern. */
export function FilterInput({
  ref: input,
  text,
  describedBy,
  isInvalid,
  filterWithout,
  onChange,
  onCaret,
  onApply,
  onLeave,
}: {
  readonly ref: RefObject<HTMLInputElement | null>;
  readonly text: string;
  readonly describedBy: string | undefined;
  readonly isInvalid: boolean;
  /** What is asked without a part of the text; the values that are suggested are those of these logs. */
  readonly filterWithout: (start: number, end: number) => RequestLogFilter;
  readonly onChange: (text: string) => void;
  /** The position of the caret; null when the input has lost the focus. */
  readonly onCaret: (caret: number | null) => void;
  /** Enter. */
  readonly onApply: () => void;
  readonly onLeave: () => void;
}) {
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const [caret, setCaret] = useState(0);
  /** The text that the chosen option inserts. Options move while values load. */
  const [activeInsert, setActiveInsert] = useState<string | null>(null);
  const completion = isOpen ? completionAt(text, caret) : null;
  const question =
    completion?.kind === 'value' && completion.operator === ''
      ? {
          field: completion.field.field,
          search: completion.written,
          filter: filterWithout(completion.token.start, completion.token.end),
        }
      : null;
  const { values, isLoading } = useValues(question);
  const suggestions = completion === null ? [] : suggestionsFor(completion, values);
  const isListed = suggestions.length > 0;
  const active = suggestions.findIndex(({ insert }) => insert === activeInsert);

  const move = (to: number | null) => {
    if (to !== null) setCaret(to);
    onCaret(to);
  };
  const open = (isNowOpen: boolean) => {
    setOpen(isNowOpen);
    setActiveInsert(null);
  };
  const choose = ({ insert, isValue }: Suggestion) => {
    const { start, end } = completion!;
    // Another condition can follow.
    const space = isValue && end === text.length ? ' ' : '';
    const at = start + insert.length + (space.length || Number(!isValue && text[end] === ':'));
    flushSync(() => {
      onChange(text.slice(0, start) + insert + space + text.slice(end));
      move(at);
      open(!isValue);
    });
    input.current!.focus();
    input.current!.setSelectionRange(at, at);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      if (!isListed) open(true);
      else {
        // One more place than options: the text itself.
        const places = suggestions.length + 1;
        const next = ((active + 1 + step + places) % places) - 1;
        setActiveInsert(suggestions[next]?.insert ?? null);
      }
    } else if (event.key === 'Enter') {
      event.preventDefault();
      if (isListed && active !== -1) choose(suggestions[active]!);
      else {
        open(false);
        onApply();
      }
    } else if (event.key === 'Tab' && !event.shiftKey && isListed) {
      const first = completion!.written === '' || suggestions[0]!.label === completion!.written ? -1 : 0;
      const index = active === -1 ? first : active;
      if (index === -1) return;
      event.preventDefault();
      choose(suggestions[index]!);
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      event.preventDefault();
      if (isListed) open(false);
      else event.currentTarget.blur();
    }
  };
  return (
    <>
      <input
        ref={input}
        className="filter-text"
        type="text"
        role="combobox"
        aria-label="Filter"
        aria-autocomplete="list"
        aria-expanded={isListed}
        aria-controls={isListed ? id : undefined}
        aria-activedescendant={isListed && active !== -1 ? `${id}-${active}` : undefined}
        aria-describedby={describedBy}
        aria-invalid={isInvalid}
        autoComplete="off"
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
        enterKeyHint="search"
        placeholder="Filter: status:5xx route:/v1/things duration:>500"
        value={text}
        onChange={({ target }) => {
          onChange(target.value);
          move(target.selectionStart ?? target.value.length);
          open(true);
        }}
        onSelect={({ currentTarget }) => move(currentTarget.selectionStart)}
        onClick={() => text === '' && open(true)}
        onKeyDown={onKeyDown}
        onBlur={() => {
          open(false);
          move(null);
          onLeave();
        }}
      />
      {isListed && (
        <SuggestionList
          id={id}
          label={completion?.kind === 'value' ? `Values of ${completion.field.name}` : 'Fields'}
          suggestions={suggestions}
          active={active}
          isLoading={isLoading}
          onChoose={choose}
        />
      )}
    </>
  );
}
