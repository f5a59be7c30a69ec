// Addresses that count as one where a limit is per address.

import { expect, test } from 'vitest';
import { addressShare } from '../../../src/core/network/address-share.ts';

test.each([
  ['10.20.5.7', '10.20.5.7'],
  ['', ''],
  ['::ffff:10.20.5.7', '10.20.5.7'],
  ['::FFFF:10.20.5.7', '10.20.5.7'],
  ['2001:db8:0:1::7', '2001:db8:0:1::/64'],
  ['2001:0DB8:0000:0001:ffff:ffff:ffff:ffff', '2001:db8:0:1::/64'],
  ['2001:db8::1:2:3:4:5', '2001:db8:0:1::/64'],
  ['2001:db8::', '2001:db8:0:0::/64'],
  ['2001:db8:0:2::7', '2001:db8:0:2::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
  ['1:2:3:4:5:6:192.0.2.1', '1:2:3:4::/64'],
])('%s counts for %s', (address, share) => {
  expect(addressShare(address)).toBe(share);
});
