/** The typed syntax by examples, as the help of the filter bar shows it. */
export const SYNTAX_HELP = [
  { example: 'status:404', meaning: 'The field has this value.' },
  { example: 'status:5xx', meaning: 'The status code is of this class.' },
  { example: 'method:POST,PUT', meaning: 'The field has one of these values.' },
  {
    example: '-method:GET',
    meaning: 'The field does not have this value. The minus sign negates any condition.',
  },
  { example: 'duration:>500', meaning: 'Greater than. Also >=, < and <=. Durations are in ms, or as 2s.' },
  { example: 'duration:100..500', meaning: 'From 100 to 500, both inclusive.' },
  { example: 'path:~search', meaning: 'The field contains this text. Case does not matter.' },
  { example: 'path:^/v1/', meaning: 'The field starts with this text. Case does not matter.' },
  { example: 'route:none', meaning: 'The field has no value. Write "none" in quotes for the text.' },
  {
    example: 'agent:"curl, 8.5"',
    meaning: 'Quotes for spaces, commas and special characters. Write \\" for a quotation mark.',
  },
  { example: 'timeout', meaning: 'The path or the request id contains this text.' },
  { example: '"GET /v1"', meaning: 'The same for a text with spaces.' },
] as const;
