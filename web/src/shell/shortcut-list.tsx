import { Fragment } from 'react';

const SHORTCUTS: readonly (readonly [keys: readonly string[], effect: string])[] = [
  [['j', '↓'], 'Next request'],
  [['k', '↑'], 'Previous request'],
  [['g'], 'First request that is loaded'],
  [['G'], 'Last request that is loaded'],
  [['Enter'], 'Open the current request'],
  [['Esc'], 'Close the request'],
  [['/'], 'Go to the filter'],
  [['?'], 'Show these shortcuts'],
];

/** All shortcuts of the page. */
export default function ShortcutList() {
  return (
    <dl className="shortcuts">
      {SHORTCUTS.map(([keys, effect]) => (
        <div key={effect}>
          <dt>{effect}</dt>
          <dd>
            {keys.map((key, index) => (
              <Fragment key={key}>
                {index > 0 && ' or '}
                <kbd>{key}</kbd>
              </Fragment>
            ))}
          </dd>
        </div>
      ))}
    </dl>
  );
}
