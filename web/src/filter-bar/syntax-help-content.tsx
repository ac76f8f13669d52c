import { SYNTAX_FIELDS } from '../filter/syntax-fields.ts';
import { SYNTAX_HELP } from '../filter/syntax-help.ts';

/** The typed syntax by examples, and its fields. */
export function SyntaxHelpContent() {
  return (
    <>
      <h2>Filter syntax</h2>
      <p className="muted">All conditions must match. Separate them by spaces.</p>
      <dl>
        {SYNTAX_HELP.map(({ example, meaning }) => (
          <div key={example}>
            <dt>
              <code>{example}</code>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <h3>Fields</h3>
      <p className="filter-help-fields">
        {SYNTAX_FIELDS.map(({ field, name, description }) => (
          <code key={field} title={description.replaceAll('`', '')}>
            {name}
          </code>
        ))}
      </p>
      <p className="muted">
        Names of the API, such as <code>statusCode</code>, work as well. Press <kbd>/</kbd> to write a filter.
      </p>
    </>
  );
}
