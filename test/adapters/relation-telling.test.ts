// A store of schedule and roster that cannot be read: the detectors keep what they have, and it is said until it can be read again.

import { expect, test } from 'vitest';
import { FileSealer } from '../../src/adapters/sealer-file.ts';
import { stageRelations } from '../../src/adapters/relation-import.ts';
import { SqliteRelationImports } from '../../src/adapters/relation-imports-sqlite.ts';
import { looksAfterFailure, RelationTelling } from '../../src/adapters/relation-telling.ts';
import { openStateDb } from '../../src/adapters/state-db.ts';
import { filledClinic } from '../support/filled-clinic.ts';

const person = { key: 'p', issuer: 'i', sub: 's', name: 'nora', roles: [] };
const opening = { person, patient: '~1', time: Date.UTC(2026, 10, 30, 10), day: '2026-11-30', minute: 600 };

test('rows that cannot be opened leave those of before, and are told', async () => {
  const { dataDirectory, subject } = await filledClinic(0);
  const { masterKeyFile } = subject;
  const db = await openStateDb(dataDirectory);
  const imports = new SqliteRelationImports(db);
  const sealer = new FileSealer(masterKeyFile);
  const put = async (seal: Pick<FileSealer, 'seal'>, minute: number) => {
    const staged = { dataDirectory, sealer: seal, kind: 'appointments', fileDigest: 'd', now: 1 } as const;
    const row = { patient: '~1', day: '2026-11-30', minute, clinician: 'nora', department: null };
    await imports.takeEffect(stageRelations(staged, [row]), minute, 'ada');
  };
  const telling = new RelationTelling({ dataDirectory, masterKeyFile, days: 30 });
  const words = () => telling.explain(opening)?.words;

  await put(sealer, 600);
  telling.look();
  expect([telling.failure, words()]).toEqual([null, 'Appointment on 2026-11-30 at 10:00 with nora']);
  await put({ seal: () => 'no seal of ours' }, 660);
  telling.look();
  expect([telling.failure, words()]).toEqual([expect.any(String), 'Appointment on 2026-11-30 at 10:00 with nora']);
  await put(sealer, 720);
  // A store that cannot be read is not gone through over and over.
  for (let looks = 0; looks < looksAfterFailure; looks += 1) telling.look();
  expect([telling.failure, words()]).toEqual([expect.any(String), 'Appointment on 2026-11-30 at 10:00 with nora']);
  telling.look();
  expect([telling.failure, words()]).toEqual([null, 'Appointment on 2026-11-30 at 12:00 with nora']);
  telling.close();
  await db.close();
});
