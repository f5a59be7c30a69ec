import { expect, test } from 'vitest';
import { clientAddresses } from '../../src/http/client-address.ts';

const zones = new Map([['clinic', ['10.20.0.0/16', '2001:db8:1::/48']], ['desk', ['10.20.5.7', '2001:db8:1::7']]]); // prettier-ignore
const none = clientAddresses([], zones);
const behind = clientAddresses(['10.0.0.1', '10.0.1.0/24', '2001:db8::1'], zones);

test.each([
  [none, '203.0.113.7', undefined, '203.0.113.7'],
  [none, '203.0.113.7', '10.20.5.7', '203.0.113.7'],
  [none, '::ffff:203.0.113.7', undefined, '203.0.113.7'],
  [none, '::1', undefined, '::1'],
  [behind, '203.0.113.7', '10.20.5.7', '203.0.113.7'],
  [behind, '10.0.0.1', undefined, '10.0.0.1'],
  [behind, '10.0.0.1', '198.51.100.9', '198.51.100.9'],
  [behind, '::ffff:10.0.0.1', '198.51.100.9', '198.51.100.9'],
  [behind, '2001:db8::1', '198.51.100.9', '198.51.100.9'],
  [behind, '10.0.0.1', '6.6.6.6, 198.51.100.9', '198.51.100.9'],
  [behind, '10.0.0.1', '198.51.100.9, 10.0.1.5, 10.0.0.1', '198.51.100.9'],
  [behind, '10.0.0.1', '10.0.1.5', '10.0.0.1'],
  [behind, '10.0.0.1', '198.51.100.9, unknown', '10.0.0.1'],
  [behind, '10.0.0.1', '198.51.100.9, _hidden', '10.0.0.1'],
  [behind, '10.0.0.1', '198.51.100.9:4711', '10.0.0.1'],
  [behind, '10.0.0.1', '2130706433', '10.0.0.1'],
  [behind, '10.0.0.1', '', '10.0.0.1'],
  [behind, '10.0.0.1', '<script>', '10.0.0.1'],
  [behind, '10.0.0.1', '::ffff:198.51.100.9', '198.51.100.9'],
  [behind, '10.0.0.1', '2001:db8:1::7', '2001:db8:1::7'],
  [behind, '10.0.0.1', '2001:DB8:1:0::0007', '2001:db8:1::7'],
  [behind, '10.0.0.1', '::ffff:c633:6409', '198.51.100.9'],
  [behind, '10.0.0.1', '198.51.100.9, ::ffff:0a00:0001', '198.51.100.9'],
  [behind, '10.0.0.1', 'fe80::1%eth0', '10.0.0.1'],
  [behind, '', '198.51.100.9', ''],
])('%o: the peer %s with X-Forwarded-For %j is %s', (addresses, peer, forwardedFor, client) => {
  expect(addresses.client(peer, forwardedFor)).toBe(client);
});

test.each([
  ['10.20.5.7', ['clinic', 'desk']],
  ['10.20.9.9', ['clinic']],
  ['10.21.0.1', []],
  ['2001:db8:1::7', ['clinic', 'desk']],
  ['2001:db8:2::7', []],
  ['not an address', []],
  ['', []],
])('%s lies in %j, asked once or twice', (address, names) => {
  expect(none.zones(address)).toEqual(names);
  expect(none.zones(address)).toEqual(names);
});

test('remembered addresses are bounded, and right after they were forgotten', () => {
  for (let i = 0; i < 10_100; i += 1) none.zones(`10.99.${i >> 8}.${i & 255}`);
  expect(none.zones('10.20.5.7')).toEqual(['clinic', 'desk']);
});
