/** The options of a POST request with a JSON body. @param headers added to `x-api-key` and `content-type`, or replacing them. */
export function jsonPost(key: string, body: unknown, headers: Record<string, string> = {}) {
  return {
    method: 'POST',
    headers: { 'x-api-key': key, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}
