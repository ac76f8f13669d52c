/** What limits the answers. */
export function Notices() {
  return null;
}
