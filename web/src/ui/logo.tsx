/** The sign of the product. */
export function Logo({ size = 22 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="var(--accent-ground)" />
      <path d="M8 22v-4m5.3 4v-8m5.4 8v-6m5.3 6V9" stroke="#fff" strokeWidth="3" strokeLinecap="round" />
    </svg>
  );
}
