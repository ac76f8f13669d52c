let isRequested = false;

/** The detail that is opened next takes the focus: it is opened by a key. */
export function requestDetailFocus(): void {
  isRequested = true;
}

/** Whether the focus was requested since the last call. */
export function takeDetailFocus(): boolean {
  const was = isRequested;
  isRequested = false;
  return was;
}

/** Moves the focus into the detail that is open. */
export function focusOpenDetail(): void {
  document.querySelector<HTMLElement>('.log-detail')?.focus();
}
