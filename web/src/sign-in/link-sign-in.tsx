import { useEffect, useEffectEvent, useState } from 'react';
import type { CheckedCredential } from '../access/check-credential.ts';
import { Logo } from '../ui/logo.tsx';
import { enter } from './enter.ts';
import { SignIn } from './lazy-sign-in.ts';
import type { SignInLink } from './link.ts';

/**
 * Signs in by a link. If the server does not accept its key, the sign-in form says why.
 *
 * @param onDone called after a key was accepted, or if another organization is chosen.
 */
export function LinkSignIn({ link, onDone }: { readonly link: SignInLink; readonly onDone: () => void }) {
  const [problem, setProblem] = useState<string | null>(null);
  const finish = useEffectEvent((checked: CheckedCredential) => {
    const found = enter(checked);
    setProblem(found);
    if (found === null) onDone();
  });
  useEffect(() => {
    let isCurrent = true;
    link.checked.then((checked) => isCurrent && finish(checked));
    return () => {
      isCurrent = false;
    };
  }, [link]);
  if (problem !== null) return <SignIn problem={problem} onDone={onDone} />;
  return (
    <>
      <header className="top-bar">
        <span className="brand">
          <Logo /> Relaylog
        </span>
      </header>
      <output className="loading">Signing in …</output>
    </>
  );
}
