/** The number of trials, from an environment variable. @throws Error if the variable is not a positive integer. */
export function trials(variable: string, byDefault: number): number {
  const text = process.env[variable] ?? String(byDefault);
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new Error(`${variable} must be a positive integer`);
  return Number(text);
}
