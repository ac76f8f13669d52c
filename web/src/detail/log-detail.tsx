/** One log. */
export function LogDetail({ requestId: _requestId }: { readonly requestId: string }) {
  return null;
}
