import { type ReactNode, useId, useRef, useState } from 'react';

/**
 * A button that opens a panel below it. The browser closes it by Escape and by a click elsewhere.
 *
 * @param children gets a function that closes the panel.
 */
export function Popover({
  label,
  name,
  className = 'button',
  align = 'start',
  children,
}: {
  readonly label: ReactNode;
  /** Accessible name of the button. Default: its label. */
  readonly name?: string;
  readonly className?: string;
  /** Which edges of the button and the panel are aligned. */
  readonly align?: 'start' | 'end';
  readonly children: (close: () => void) => ReactNode;
}) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const [isOpen, setOpen] = useState(false);
  const place = () => {
    if (button.current === null || panel.current === null) return;
    const { left, right, bottom } = button.current.getBoundingClientRect();
    const { style, offsetWidth } = panel.current;
    const wanted = align === 'start' ? left : right - offsetWidth;
    style.left = `${Math.max(8, Math.min(wanted, innerWidth - offsetWidth - 8))}px`;
    style.top = `${bottom + 4}px`;
    style.maxHeight = `${innerHeight - bottom - 16}px`;
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        className={className}
        popoverTarget={id}
        aria-expanded={isOpen}
        aria-label={name}
      >
        {label}
      </button>
      <div
        ref={panel}
        id={id}
        popover="auto"
        className="popover"
        onToggle={({ newState }) => {
          setOpen(newState === 'open');
          if (newState === 'open') requestAnimationFrame(place);
        }}
      >
        {isOpen && children(() => panel.current?.hidePopover())}
      </div>
    </>
  );
}
