/** The GraphQL of what is on the screen. */
export function GraphqlButton() {
  return null;
}
