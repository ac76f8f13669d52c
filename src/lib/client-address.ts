import { BlockList, isIP, isIPv6 } from 'node:net';

/** Headers in which a proxy reports the address of its client. */
export const FORWARDED_HEADERS = ['x-forwarded-for', 'forwarded'] as const;
type ForwardedHeader = (typeof FORWARDED_HEADERS)[number];

interface TrustedProxies {
  /** IP addresses or networks such as `10.0.0.0/8`; empty: no header is read. */
  readonly networks: readonly string[];
  /** The header that the proxies set. A client could send the other one, so only one is read. */
  readonly header: ForwardedHeader;
}

/** Whether the text is an IP address or a network in CIDR notation. */
export function isNetwork(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const bits = isIPv6(address) ? 128 : 32;
  return (
    isIP(address) !== 0 &&
    rest.length === 0 &&
    (prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits))
  );
}

/**
 * Returns a function that finds the client's address: the last address in the chain of proxies that is not a trusted
 * proxy. Whatever stands before it in the header was sent by the client, and is ignored.
 */
export function clientAddress({
  networks,
  header,
}: TrustedProxies): (peer: string | null, headers: Headers) => string | null {
  if (networks.length === 0) return (peer) => peer;
  const trusted = new BlockList();
  for (const network of networks) {
    const [address, prefix] = network.split('/') as [string, string | undefined];
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    trusted.addSubnet(address, Number(prefix ?? (family === 'ipv6' ? 128 : 32)), family);
  }
  const isTrusted = (address: string) =>
    isIP(address) !== 0 && trusted.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
  return (peer, headers) => {
    if (peer === null) return null;
    let client = plainAddress(peer);
    const chain = addressesOf(headers.get(header) ?? '', header);
    for (let i = chain.length - 1; i >= 0 && isTrusted(client); i--) {
      const before = chain[i]!;
      // A proxy that hides or garbles its client's address is the last one that is known.
      if (isIP(before) === 0) break;
      client = before;
    }
    return client;
  };
}

/** Longer chains of proxies are not read. */
const MAX_CHAIN = 32;

function addressesOf(value: string, header: ForwardedHeader): string[] {
  const parts = value.split(',').slice(-MAX_CHAIN);
  if (header === 'x-forwarded-for') return parts.map((part) => plainAddress(part.trim()));
  // RFC 7239: for=192.0.2.60;proto=http, for="[2001:db8::1]:4711"
  return parts.map((part) => {
    const [, node = ''] = /(?:^|;)\s*for\s*=\s*("[^"]*"|[^;\s]*)/i.exec(part) ?? [];
    return plainAddress(node.replaceAll('"', ''));
  });
}

/** The address without port, brackets, zone, or the IPv6 form of an IPv4 address. */
function plainAddress(text: string): string {
  const [, bracketed] = /^\[([^\]]*)\](?::\d+)?$/.exec(text) ?? [];
  const address = bracketed ?? text.replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1');
  return address.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');
}
