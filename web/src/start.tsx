import './style/font.css';
import './style/tokens.css';
import './style/base.css';
import './ui/ui.css';
import './ui/status-badge.css';
import './ui/status-swatch.css';
import { NuqsAdapter } from 'nuqs/adapters/react';
import { StrictMode, startTransition } from 'react';
import { createRoot } from 'react-dom/client';
import type { CheckedCredential } from './access/check-credential.ts';
import { App } from './app.tsx';
import { enter } from './sign-in/enter.ts';

/** @param link what the server says of the sign-in link that the page was opened with. Null: there is none. */
export async function start(link: Promise<CheckedCredential> | null): Promise<void> {
  const problem = link === null ? null : enter(await link);
  const root = createRoot(document.getElementById('root')!);
  // A transition: React stops every few milliseconds, so that the page answers to the user meanwhile.
  startTransition(() =>
    root.render(
      <StrictMode>
        <NuqsAdapter>
          <App firstProblem={problem} />
        </NuqsAdapter>
      </StrictMode>,
    ),
  );
}
