/** Names of headers, query parameters, form fields and JSON keys whose values are never stored. */
export const SECRET_NAMES = {
  /** A name that contains one of these is secret: `new_password`, `x-vault-secret-id`. */
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
  /** A name that ends with one of these is secret: `access_token`, `X-Forwarded-Authorization`. */
  atTheEnd: ['token', 'authorization', 'signature', 'credential', 'credentials', 'sessionid', 'jwt'],
  /** A name that equals one of these is secret. */
  whole: ['pwd', 'pass', 'bearer', 'auth', 'sid', 'sig', 'cardnumber', 'cvc', 'cvv', 'pin', 'otp', 'ssn'],
} as const;

const MAX_DECODINGS = 3;

/**
 * Returns a function that tells whether a name is secret. It ignores case, `-` and `_`, checks each part of compound
 * names such as `user[password]` and `user.password`, and decodes percent-encoding: `pass%77ord` is `password`.
 *
 * @param extra additional secret names; they match complete names.
 */
export function secretNames(extra: readonly string[]): (name: string) => boolean {
  const exact = new Set([...SECRET_NAMES.whole, ...extra].map(normalized));
  const isSecretPart = (part: string) =>
    exact.has(part) ||
    SECRET_NAMES.anywhere.some((word) => part.includes(word)) ||
    SECRET_NAMES.atTheEnd.some((word) => part.endsWith(word));
  const known = new Map<string, boolean>();
  return (name) => {
    let secret = known.get(name);
    if (secret === undefined) {
      secret = decoded(name)
        .split(/[[\].:$\s]+/)
        .some((part) => isSecretPart(normalized(part)));
      if (known.size > 10_000) known.clear();
      known.set(name, secret);
    }
    return secret;
  };
}

function normalized(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
}

/** Decodes percent-encoded text that was encoded up to three times. Stops before an invalid escape sequence. */
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
