// What is in `web/index.html` is shown until `start.tsx` replaces it.
import './shell/theme.ts';
import { currentCredential } from './access/credentials.ts';
import { takeLink } from './sign-in/link.ts';

const link = takeLink();
const status = document.getElementById('loading')!;

/** Starts work when what the page begins with is painted: at once in a hidden tab, where nothing is. */
function afterPaint(work: () => void): void {
  if (document.hidden) work();
  else requestAnimationFrame(() => setTimeout(work));
}

if (link !== null || currentCredential() !== undefined) {
  // The explorer comes, not the sign-in form.
  const bar = document.getElementById('loading-bar') as HTMLTemplateElement;
  status.before(bar.content);
}
if (link !== null) status.textContent = 'Signing in …';
afterPaint(() => {
  import('./start.tsx').then(
    ({ start }) => start(link),
    () => {
      status.textContent = 'The page could not be loaded. Reload it to try again.';
    },
  );
});
