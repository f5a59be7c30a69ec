// Opens one credential of the vault for the command line, beside a running gateway: reads it and nothing else. What was
// imported stays imported, and no mark is set.

import { z } from 'zod';
import type { EhrCredential } from '../ehr-ports.ts';
import type { Sealer } from '../ports.ts';
import { readCredential } from './credential-text.ts';
import { openDatabaseFile } from './database-file.ts';
import { credentialOwner, credentialPurpose, importOwner, importPurpose } from './sealed-owners.ts';
import type { VaultListing } from './vault-file.ts';

const rowShape = z.object({ sealed: z.string() });

const selectOwn = 'SELECT sealed FROM credentials WHERE issuer = ? AND sub = ? AND application = ?';
const selectImported = 'SELECT sealed FROM imported_credentials WHERE issuer = ? AND name = ? AND application = ?';

/** Null where it has gone meanwhile. Throws where it does not open, without a word of what is in it. */
export function storedCredential(dataDirectory: string, sealer: Sealer, listing: VaultListing): EhrCredential | null {
  const { issuer, sub, application } = listing;
  const name = listing.name ?? '';
  const database = openDatabaseFile(dataDirectory, 'identity');
  try {
    const statement = database.prepare(sub === null ? selectImported : selectOwn);
    const row = statement.get(issuer, sub ?? name, application);
    if (row === undefined) return null;
    const { sealed } = rowShape.parse(row);
    return sub === null
      ? readCredential(sealer.open(importPurpose, importOwner(issuer, name, application), sealed))
      : readCredential(sealer.open(credentialPurpose, credentialOwner({ issuer, sub }, application), sealed));
  } finally {
    database.close();
  }
}
