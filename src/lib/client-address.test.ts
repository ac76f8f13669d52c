import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clientAddress, isNetwork } from './client-address.ts';

const PROXIES = {
  networks: ['10.0.0.0/8', '2001:db8::/32', '127.0.0.1'],
  header: 'x-forwarded-for',
} as const;

describe('the address of a client', () => {
  const find = clientAddress(PROXIES);
  it.each([
    ['without a header', '203.0.113.7', '', '203.0.113.7'],
    ['from a peer that is not a proxy, whatever it claims', '203.0.113.7', '198.51.100.1', '203.0.113.7'],
    ['behind one proxy', '10.1.2.3', '203.0.113.7', '203.0.113.7'],
    ['behind two proxies', '10.1.2.3', '203.0.113.7, 10.9.9.9', '203.0.113.7'],
    ['that pretends to be behind another', '10.1.2.3', '198.51.100.1, 203.0.113.7', '203.0.113.7'],
    ['that pretends to be a proxy', '10.1.2.3', '10.4.4.4, 203.0.113.7', '203.0.113.7'],
    ['that is itself in a trusted network', '10.1.2.3', '10.4.4.4', '10.4.4.4'],
    ['with a port', '10.1.2.3', '203.0.113.7:4711', '203.0.113.7'],
    ['of IPv6, with a port', '2001:db8::5', '[2001:470::1]:4711', '2001:470::1'],
    ['of IPv4 in IPv6', '::ffff:10.1.2.3', '203.0.113.7', '203.0.113.7'],
    ['that a proxy hides', '10.1.2.3', 'unknown', '10.1.2.3'],
    ['garbled', '127.0.0.1', '203.0.113.7, x y, 10.0.0.1', '10.0.0.1'],
  ])('%s', (_what, peer, header, expected) => {
    expect(find(peer, new Headers({ 'x-forwarded-for': header, forwarded: 'for=192.0.2.9' }))).toBe(expected);
  });

  it.each([
    ['for=203.0.113.7;proto=https;by=10.1.2.3', '203.0.113.7'],
    ['for="[2001:470::1]:4711"', '2001:470::1'],
    ['FOR=198.51.100.1, for=203.0.113.7', '203.0.113.7'],
    ['for=_hidden', '10.1.2.3'],
    ['proto=https', '10.1.2.3'],
  ])('is read from Forwarded alone if that is the header of the proxies: %s', (forwarded, expected) => {
    const headers = new Headers({ forwarded, 'x-forwarded-for': '192.0.2.9' });
    expect(clientAddress({ ...PROXIES, header: 'forwarded' })('10.1.2.3', headers)).toBe(expected);
  });

  it('is the peer if no proxy is trusted', () => {
    const headers = new Headers({ 'x-forwarded-for': '192.0.2.9' });
    expect(clientAddress({ networks: [], header: 'x-forwarded-for' })('127.0.0.1', headers)).toBe(
      '127.0.0.1',
    );
  });

  it('does not depend on what the client itself puts into the header', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9a-f.:,[\]" ]{0,80}$/), (claimed) => {
        const headers = new Headers({ 'x-forwarded-for': `${claimed}, 203.0.113.7` });
        expect(find('10.1.2.3', headers)).toBe('203.0.113.7');
      }),
    );
  });
});

it.each([
  ['10.0.0.0/8', true],
  ['10.0.0.1', true],
  ['::1/128', true],
  ['10.0.0.0/33', false],
  ['10.0.0/8', false],
  ['10.0.0.0/', false],
  ['localhost', false],
  ['10.0.0.0/8/8', false],
])('%s is a network: %s', (text, expected) => {
  expect(isNetwork(text)).toBe(expected);
});
