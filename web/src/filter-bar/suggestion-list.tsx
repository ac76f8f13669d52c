import { formatNumber } from '../format/number.ts';
import type { Suggestion } from './suggestions.ts';

/** The list of a combobox: its options have the ids `id-0`, `id-1`, … */
export function SuggestionList({
  id,
  label,
  suggestions,
  active,
  isLoading,
  onChoose,
}: {
  readonly id: string;
  readonly label: string;
  readonly suggestions: readonly Suggestion[];
  /** Index of the option that Enter chooses; -1 if there is none. */
  readonly active: number;
  readonly isLoading: boolean;
  readonly onChoose: (suggestion: Suggestion) => void;
}) {
  return (
    <div className="suggestions">
      <div role="listbox" id={id} aria-label={label} className="suggestion-options">
        {suggestions.map((suggestion, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys of options are handled by their input
          <div
            key={suggestion.insert}
            role="option"
            id={`${id}-${index}`}
            tabIndex={-1}
            aria-selected={index === active}
            className="suggestion"
            ref={index === active ? scrollTo : undefined}
            // The input keeps the focus.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onChoose(suggestion)}
          >
            <span className="suggestion-label">{suggestion.label}</span>
            {suggestion.detail !== '' && <span className="suggestion-detail">{suggestion.detail}</span>}
            {suggestion.count !== undefined && (
              <span className="suggestion-count numbers">{formatNumber(suggestion.count)}</span>
            )}
          </div>
        ))}
      </div>
      <p className="suggestion-keys">
        {isLoading ? (
          'Loading values…'
        ) : (
          <>
            <kbd>↑</kbd> <kbd>↓</kbd> choose <kbd>Tab</kbd> complete <kbd>Enter</kbd> apply
          </>
        )}
      </p>
    </div>
  );
}

const scrollTo = (option: Element | null) => option?.scrollIntoView({ block: 'nearest' });
