import './style/font.css';
import './style/tokens.css';
import './style/base.css';
import './ui/ui.css';
import './ui/status-badge.css';
import './ui/status-swatch.css';
import { NuqsAdapter } from 'nuqs/adapters/react';
import { StrictMode, startTransition } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import type { SignInLink } from './sign-in/link.ts';

/** @param link the sign-in link that the page was opened with. Null: none. */
export function start(link: SignInLink | null): void {
  const root = createRoot(document.getElementById('root')!);
  // A transition: React stops every few milliseconds, so that the page answers to the user meanwhile.
  startTransition(() =>
    root.render(
      <StrictMode>
        <NuqsAdapter>
          <App firstLink={link} />
        </NuqsAdapter>
      </StrictMode>,
    ),
  );
}
