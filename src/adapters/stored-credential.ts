// Opens one credential of the vault for the command line, beside a running gateway: reads it and nothing else. What was
// imported stays imported, and no mark is set.

import { z } from 'zod';
import type { EhrCredential } from '../ehr-ports.ts';
import type { Sealer } from '../ports.ts';
import { readCredential } from './credential-text.ts';
import { openStateBeside } from './open-state-beside.ts';
import type { StatePlace } from './open-state-beside.ts';
import { credentialOwner, credentialPurpose, importOwner, importPurpose } from './sealed-owners.ts';
import type { VaultListing } from './vault-file.ts';

const rowShape = z.object({ sealed: z.string() });

const selectOwn = 'SELECT sealed FROM credentials WHERE issuer = ? AND sub = ? AND application = ?';
const selectImported = 'SELECT sealed FROM imported_credentials WHERE issuer = ? AND name = ? AND application = ?';

/** Null where it has gone meanwhile. Rejects where it does not open, without a word of what is in it. */
export async function storedCredential(
  place: StatePlace,
  sealer: Sealer,
  { issuer, sub, application, name: login }: VaultListing,
): Promise<EhrCredential | null> {
  const name = login ?? '';
  const db = await openStateBeside(place);
  try {
    const sql = sub === null ? selectImported : selectOwn;
    const [found] = await db.run('identity', [{ sql, params: [issuer, sub ?? name, application] }]);
    const row = found?.rows[0];
    if (row === undefined) return null;
    const { sealed } = rowShape.parse(row);
    return sub === null
      ? readCredential(sealer.open(importPurpose, importOwner(issuer, name, application), sealed))
      : readCredential(sealer.open(credentialPurpose, credentialOwner({ issuer, sub }, application), sealed));
  } finally {
    await db.close();
  }
}
