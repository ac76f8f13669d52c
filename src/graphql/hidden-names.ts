/**
 * Removes from a message of graphql-js the names of the schema that the request does not contain: required arguments, required
 * input fields and suggestions. Used if introspection is off. The types of what the request names stay.
 */
export function withoutHiddenNames(message: string): string {
  return message
    .replace(
      /^Argument "(.+)\(\w+:\)" of type ".+" is required, but it was not provided\.$/,
      'A required argument of "$1" was not provided.',
    )
    .replace(/ to include required field "\w+", found: /, ' to include each required field, found: ')
    .replace(/ Did you mean .*\?$/, '');
}
