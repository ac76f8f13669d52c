import { lazyPart } from '../ui/lazy-part.ts';

/** `SignIn`, which a page that somebody is signed in to does not need. */
export const SignIn = lazyPart(() => import('./sign-in.tsx'));
