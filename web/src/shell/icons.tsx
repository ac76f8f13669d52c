import type { ReactNode } from 'react';

function icon(content: ReactNode) {
  return function Icon() {
    return (
      <svg
        width="16"
        height="16"
        viewBox="0 0 16 16"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden="true"
      >
        {content}
      </svg>
    );
  };
}

export const CheckIcon = icon(<path d="m3.5 8.5 3 3 6-7" />);
export const SignOutIcon = icon(<path d="M6 2.5H3.5v11H6M10 5l3 3-3 3m3-3H6.5" />);
export const MoonIcon = icon(<path d="M13 9.5A5.5 5.5 0 0 1 6.5 3 5.5 5.5 0 1 0 13 9.5Z" />);
export const ScreenIcon = icon(<path d="M2.5 3h11v7.5h-11zM6 13.5h4M8 10.5v3" />);
export const PencilIcon = icon(<path d="m3 13 .6-2.8L10.5 3.3l2.2 2.2-6.9 6.9z" />);
