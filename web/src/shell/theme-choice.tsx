import { useSyncExternalStore } from 'react';
import { MoonIcon, ScreenIcon, SunIcon } from '../ui/icons.tsx';
import { currentTheme, onThemeChange, setTheme, THEMES } from './theme.ts';

const LABELS = { system: 'System', light: 'Light', dark: 'Dark' } as const;
const ICONS = { system: ScreenIcon, light: SunIcon, dark: MoonIcon } as const;

/** Chooses the theme of the page. */
export function ThemeChoice() {
  const theme = useSyncExternalStore(onThemeChange, currentTheme);
  return (
    <fieldset className="choice theme-choice">
      <legend className="hidden-label">Theme</legend>
      {THEMES.map((name) => {
        const Icon = ICONS[name];
        return (
          <label key={name}>
            <input type="radio" name="theme" checked={name === theme} onChange={() => setTheme(name)} />
            <Icon /> {LABELS[name]}
          </label>
        );
      })}
    </fieldset>
  );
}
