import './shell/theme.ts';
import { takeLink } from './sign-in/link.ts';

const link = takeLink();

/** Starts work when what the page begins with is painted: at once in a hidden tab, where nothing is. */
function afterPaint(work: () => void): void {
  if (document.hidden) work();
  else requestAnimationFrame(() => setTimeout(work));
}

afterPaint(async () => {
  const { start } = await import('./start.tsx').catch(() => {
    document.getElementById('loading')!.textContent = 'The page could not be loaded. Reload it to try again.';
    return { start: () => {} };
  });
  start(link);
});
