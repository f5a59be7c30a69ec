// What the EHR is told of where a request comes from.

import { expect, test } from 'vitest';
import { forwardingHeaders } from '../../../src/core/network/forwarding-headers.ts';

test.each([
  ['10.1.1.1', true, 'for=10.1.1.1;host="ehr.example";proto=https'],
  ['2001:db8::7', true, 'for="[2001:db8::7]";host="ehr.example";proto=https'],
  ['10.1.1.1', false, 'for=10.1.1.1;host="ehr.example";proto=http'],
])('%s, secure: %s', (address, secure, forwarded) => {
  expect(forwardingHeaders({ secure, host: 'ehr.example' }, address)).toEqual([
    'x-forwarded-for', address, 'x-forwarded-proto', secure ? 'https' : 'http', 'x-forwarded-host', 'ehr.example',
    'forwarded', forwarded,
  ]); // prettier-ignore
});

test('the gateway itself names no address', () => {
  expect(forwardingHeaders({ secure: true, host: 'ehr.example' }, '')).toEqual([
    'x-forwarded-proto', 'https', 'x-forwarded-host', 'ehr.example', 'forwarded', 'host="ehr.example";proto=https',
  ]); // prettier-ignore
});
