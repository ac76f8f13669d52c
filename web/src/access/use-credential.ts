import { useSyncExternalStore } from 'react';
import { type Credential, currentCredential, onCredentialsChange } from './credentials.ts';

/** `currentCredential()`; the component is rendered again when it changes. */
export function useCredential(): Credential | undefined {
  return useSyncExternalStore(onCredentialsChange, currentCredential);
}
