import type { ReactNode } from 'react';

/** Icons in the colour of the text. @param size pixels. They are decoration: their button or link has the name. */
function icon(content: ReactNode, size = 16) {
  return function Icon() {
    return (
      <svg
        width={size}
        height={size}
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

export const CloseIcon = icon(<path d="m4 4 8 8m0-8-8 8" />);
export const SearchIcon = icon(<path d="M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10Zm3.7-1.3L14 14" />);
export const ChevronDownIcon = icon(<path d="m4 6 4 4 4-4" />);
export const ChevronRightIcon = icon(<path d="m6 4 4 4-4 4" />);
export const RefreshIcon = icon(
  <path d="M13 3v3.5H9.5M3 13V9.5h3.5M12.6 6.5A5 5 0 0 0 4 4.8M3.4 9.5A5 5 0 0 0 12 11.2" />,
);
export const LockIcon = icon(<path d="M4 7h8v6H4zM5.5 7V5a2.5 2.5 0 0 1 5 0v2" />);
export const ClockIcon = icon(<path d="M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12Zm0-9v3l2 1.5" />);
export const CopyIcon = icon(<path d="M5.5 5.5h7v7h-7zM3.5 10.5v-7h7" />);
export const LinkIcon = icon(
  <path d="M6.5 9.5 9.5 6.5M7 5l1.5-1.5a2.8 2.8 0 0 1 4 4L11 9M9 11l-1.5 1.5a2.8 2.8 0 0 1-4-4L5 7" />,
);
export const ColumnsIcon = icon(<path d="M2.5 3.5h11v9h-11zM6 3.5v9M10 3.5v9" />);
export const TableIcon = icon(<path d="M2.5 3.5h11v9h-11zM2.5 6.5h11m-11 3h11m-7.5-3v6" />);
export const KeyboardIcon = icon(
  <path d="M1.5 4h13v8h-13zM4 6.5h.01M6.7 6.5h.01M9.3 6.5h.01M12 6.5h.01M5.5 9.5h5" />,
);
export const BookmarkIcon = icon(<path d="M4.5 2.5h7v11L8 11l-3.5 2.5z" />);
export const CodeIcon = icon(<path d="m5.5 4.5-3 3.5 3 3.5m5-7 3 3.5-3 3.5" />);
export const SunIcon = icon(
  <path d="M8 10.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM8 1.5v1m0 11v1M1.5 8h1m11 0h1M3.4 3.4l.7.7m7.8 7.8.7.7m0-9.2-.7.7M4.1 11.9l-.7.7" />,
);
export const ZoomOutIcon = icon(<path d="M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10Zm3.7-1.3L14 14M5 7h4" />);
export const PlusIcon = icon(<path d="M8 3v10M3 8h10" />);
export const TrashIcon = icon(<path d="M3 4.5h10M6.5 4.5v-2h3v2M4.5 4.5l.5 9h6l.5-9" />);
export const UserIcon = icon(
  <path d="M8 8a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM3.5 13.5a4.5 4.5 0 0 1 9 0" />,
);
export const PinIcon = icon(
  <path d="M8 14s4.5-4.2 4.5-7.5a4.5 4.5 0 0 0-9 0C3.5 9.8 8 14 8 14Zm0-6a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3Z" />,
);
export const CheckIcon = icon(<path d="m3.5 8.5 3 3 6-7" />);
export const SignOutIcon = icon(<path d="M6 2.5H3.5v11H6M10 5l3 3-3 3m3-3H6.5" />);
export const MoonIcon = icon(<path d="M13 9.5A5.5 5.5 0 0 1 6.5 3 5.5 5.5 0 1 0 13 9.5Z" />);
export const ScreenIcon = icon(<path d="M2.5 3h11v7.5h-11zM6 13.5h4M8 10.5v3" />);
export const PencilIcon = icon(<path d="m3 13 .6-2.8L10.5 3.3l2.2 2.2-6.9 6.9z" />);
export const FunnelIcon = icon(<path d="M2.5 4.5h11M4.5 8h7M6.5 11.5h3" />);
export const SmallFunnelIcon = icon(<path d="M2.5 4h11M5 8h6M7 12h2" />, 14);
/** Not this one. */
export const ExcludeIcon = icon(<path d="M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM3.8 3.8l8.4 8.4" />, 14);
