// Somebody called "jürgen" at the identity provider had left, and an account "JÜRGEN" came in: the embedded database folds the case of
// ASCII letters alone. Directories also hold "jürgen" and "jurgen" for one name, and two ways of writing the "ü" for the same.

import { afterEach, beforeEach, expect, test } from 'vitest';
import { SqliteLeavers } from '../../src/adapters/leavers-sqlite.ts';
import type { StateDb } from '../../src/adapters/state-db.ts';
import { onEachEngine, openStateDb } from '../support/state-engines.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const issuer = 'https://op.example';
let db: StateDb;
beforeEach(async () => {
  db = await openStateDb(temporaryDirectory());
});
afterEach(() => db.close());

onEachEngine(() => {
  test.each(['JÜRGEN', 'Jürgen', 'ju\u0308rgen', 'jurgen'])(
    '%j is shut out with "jürgen", until that name is free',
    async (name) => {
      const leavers = new SqliteLeavers(db);
      await leavers.block({ issuer, sub: '1', name: 'jürgen' }, 1);
      expect(await leavers.isBlocked({ issuer, sub: '2', name })).toBe(true);
      expect(await leavers.isBlocked({ issuer, sub: '2', name: 'jorgen' })).toBe(false);
      expect(await leavers.isBlocked({ issuer: 'https://other.example', sub: '2', name })).toBe(false);
      expect(await leavers.releaseName(issuer, 'jorgen')).toBe(0);
      expect(await leavers.releaseName(issuer, name)).toBe(1);
      expect(await leavers.isBlocked({ issuer, sub: '2', name })).toBe(false);
      expect(await leavers.isBlocked({ issuer, sub: '1', name })).toBe(true);
    },
  );
});
