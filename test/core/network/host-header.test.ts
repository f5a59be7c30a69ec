// The name by which an EHR is asked.

import { expect, test } from 'vitest';
import { hostHeaderOf } from '../../../src/core/network/host-header.ts';

test.each([
  ['external', 'ehr.example'],
  ['upstream', '10.0.0.5:8080'],
  [{ literal: 'old-name.local' }, 'old-name.local'],
] as const)('%j', (hostHeader, expected) => {
  expect(hostHeaderOf({ hostHeader, host: 'ehr.example', upstream: 'http://10.0.0.5:8080' })).toBe(expected);
});
