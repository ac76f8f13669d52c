/** Names whose values are never stored: of headers, query parameters, form fields and JSON keys. */
export const SECRET_NAMES = {
  /** Secret wherever these stand in a name: `new_password`, `x-vault-secret-id`. */
  anywhere: [
    'password',
    'passwd',
    'passphrase',
    'secret',
    'authkey',
    'apikey',
    'accesskey',
    'privatekey',
    'cookie',
  ],
  /** Secret where a name ends in these: `access_token`, `X-Forwarded-Authorization`. */
  atTheEnd: ['token', 'authorization', 'signature', 'credential', 'credentials', 'sessionid', 'jwt'],
  /** Secret as a whole name. */
  whole: ['pwd', 'pass', 'bearer', 'auth', 'sid', 'sig', 'cardnumber', 'cvc', 'cvv', 'pin', 'otp', 'ssn'],
} as const;

const MAX_DECODINGS = 3;

/**
 * Tells secret names. Case, `-` and `_` make no difference, each part of `user[password]` and `user.password` counts,
 * and a name is read as the server that got it would read it: `pass%77ord` is a password.
 *
 * @param extra further whole names.
 */
export function secretNames(extra: readonly string[]): (name: string) => boolean {
  const whole = new Set([...SECRET_NAMES.whole, ...extra].map(normal));
  const isSecretPart = (part: string) =>
    whole.has(part) ||
    SECRET_NAMES.anywhere.some((word) => part.includes(word)) ||
    SECRET_NAMES.atTheEnd.some((word) => part.endsWith(word));
  const known = new Map<string, boolean>();
  return (name) => {
    let secret = known.get(name);
    if (secret === undefined) {
      secret = decoded(name)
        .split(/[[\].:$\s]+/)
        .some((part) => isSecretPart(normal(part)));
      if (known.size > 10_000) known.clear();
      known.set(name, secret);
    }
    return secret;
  };
}

function normal(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
}

/** Percent-encoded text as it was meant, however often it was encoded. */
export function decoded(text: string): string {
  let plain = text;
  for (let i = 0; i < MAX_DECODINGS && plain.includes('%'); i++) {
    try {
      plain = decodeURIComponent(plain);
    } catch {
      return plain;
    }
  }
  return plain;
}
