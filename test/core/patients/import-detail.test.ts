// What stands on record of an import.

import { expect, test } from 'vitest';
import { importDetail } from '../../../src/core/patients/import-detail.ts';

test.each([
  [0, 'file sha256 abc: 5 patients, 1 new, 2 changed, 3 gone'],
  [4, 'file sha256 abc: 5 patients, 1 new, 2 changed, 3 gone, 4 ids of other people than before'],
])('%i ids of others', (moved, says) => {
  expect(importDetail('abc', { patients: 5, new: 1, changed: 2, gone: 3, moved })).toBe(says);
});
