// Which addresses are of a house: whoever comes from one may set up a first factor where IT has named no zone.

import { expect, test } from 'vitest';
import { isPrivateAddress } from '../../../src/core/network/is-private-address.ts';

test.each([
  '127.0.0.1',
  '10.0.0.1',
  '10.255.255.255',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.0.1',
  '::1',
  '::ffff:10.1.2.3',
  '::FFFF:192.168.1.1',
  'fc00::1',
  'fd12:3456:789a::1',
  'FE80::1',
  'febf::1',
])('%s is', (address) => {
  expect(isPrivateAddress(address)).toBe(true);
});

test.each([
  '',
  '11.0.0.1',
  '100.64.0.1',
  '101.1.1.1',
  '126.255.255.255',
  '128.0.0.1',
  '172.15.255.255',
  '172.32.0.1',
  '172.160.0.1',
  '192.167.1.1',
  '192.169.1.1',
  '169.254.169.254',
  '203.0.113.7',
  '::',
  '::ffff:203.0.113.7',
  '2001:db8::1',
  'fec0::1',
  'fbff::1',
  'fe00::1',
  'fd::1',
  '10:1::',
  'localhost',
])('%j is not', (address) => {
  expect(isPrivateAddress(address)).toBe(false);
});
