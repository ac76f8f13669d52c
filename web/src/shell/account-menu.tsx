import { useState } from 'react';
import { createPortal } from 'react-dom';
import { allCredentials, currentCredential, signOut, switchTo } from '../access/credentials.ts';
import { SignIn } from '../access/sign-in.tsx';
import { ChevronDownIcon, PlusIcon, UserIcon } from '../ui/icons.tsx';
import { Popover } from '../ui/popover.tsx';

/** The organization that is shown, the others of this tab, and the way out. */
export function AccountMenu() {
  const [isSigningIn, setSigningIn] = useState(false);
  const current = currentCredential()?.organizationId;
  if (isSigningIn) {
    return createPortal(
      <div className="sign-in-cover">
        <SignIn linkKey={null} isAdditional onDone={() => setSigningIn(false)} />
      </div>,
      document.body,
    );
  }
  const label = (
    <>
      <UserIcon /> {current} <ChevronDownIcon />
    </>
  );
  return (
    <Popover label={label} name={`Organization ${current}`} align="end">
      {(close) => (
        <>
          {allCredentials().map(({ organizationId }) => (
            <button
              key={organizationId}
              type="button"
              className="menu-item"
              aria-current={organizationId === current}
              onClick={() => switchTo(organizationId)}
            >
              {organizationId}
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
            <PlusIcon /> Another organization
          </button>
          <button type="button" className="menu-item" onClick={signOut}>
            Sign out
          </button>
        </>
      )}
    </Popover>
  );
}
