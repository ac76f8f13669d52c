import { useState } from 'react';
import { allCredentials, currentCredential, signOut, switchTo } from '../access/credentials.ts';
import { navigate, searchWithoutLog } from '../state/navigate.ts';
import { Dialog } from '../ui/dialog.tsx';
import { CheckIcon, ChevronDownIcon, PlusIcon, SignOutIcon, UserIcon } from '../ui/icons.tsx';
import { lazyPart } from '../ui/lazy-part.ts';
import { PanelBoundary } from '../ui/panel-boundary.tsx';
import { Popover } from '../ui/popover.tsx';
import { ThemeChoice } from './theme-choice.tsx';

const SignInForm = lazyPart(async () => ({
  default: (await import('../sign-in/sign-in-form.tsx')).SignInForm,
}));

/** The organization that is shown, the others of this tab, the theme, and the way out. */
export function AccountMenu() {
  const [isSigningIn, setSigningIn] = useState(false);
  const current = currentCredential()?.organizationId;
  const label = (
    <>
      <UserIcon /> <span className="bar-text organization">{current}</span>
      <span className="bar-text">
        <ChevronDownIcon />
      </span>
    </>
  );
  return (
    <>
      <Popover label={label} name={`Organization ${current}`} align="end">
        {(close) => (
          <div className="account-menu">
            <h2 className="menu-head">Organizations of this tab</h2>
            {allCredentials().map(({ organizationId }) => (
              <button
                key={organizationId}
                type="button"
                className="menu-item"
                aria-current={organizationId === current}
                onClick={() => {
                  close();
                  if (organizationId === current) return;
                  navigate(searchWithoutLog(), false);
                  switchTo(organizationId);
                }}
              >
                <span className="menu-mark">{organizationId === current && <CheckIcon />}</span>
                <span className="organization">{organizationId}</span>
              </button>
            ))}
            <button
              type="button"
              className="menu-item"
              onClick={() => {
                close();
                setSigningIn(true);
              }}
            >
              <PlusIcon /> Add an organization
            </button>
            <hr />
            <h2 className="menu-head">Theme</h2>
            <ThemeChoice />
            <hr />
            <button
              type="button"
              className="menu-item"
              onClick={() => {
                navigate(searchWithoutLog(), false);
                signOut();
              }}
            >
              <SignOutIcon /> Sign out of {current}
            </button>
          </div>
        )}
      </Popover>
      {isSigningIn && (
        <Dialog title="Add an organization" onClose={() => setSigningIn(false)}>
          <PanelBoundary name="The form" resetKey={null} fallback={null}>
            <SignInForm problem="" isAdditional onDone={() => setSigningIn(false)} />
          </PanelBoundary>
        </Dialog>
      )}
    </>
  );
}
