// A machine with a gateway's files on it and no gateway running: what backups are made of, and what they are compared with.

import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BackupSubject } from '../../src/adapters/backup-sources.ts';
import { fillData } from './state-fixture.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const { publicKey, privateKey } = generateKeyPairSync('x25519');
/** A passphrase would cost each test a second. */
export const lock = { pem: publicKey.export({ type: 'spki', format: 'pem' }).toString() };
/** What opens it. */
export const opens = { pem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };

export interface FilledClinic {
  readonly directory: string;
  readonly dataDirectory: string;
  readonly subject: BackupSubject;
}

/** gateway.yaml and rules.yaml hold a line each; `data` lies beside them unless told otherwise. */
export async function filledClinic(records = 5, data?: string): Promise<FilledClinic> {
  const directory = temporaryDirectory();
  const dataDirectory = data ?? join(directory, 'data');
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
  const configuration = ['gateway.yaml', 'rules.yaml'].map((name) => join(directory, name));
  for (const file of configuration) writeFileSync(file, `# ${file}\n`);
  await fillData(dataDirectory, records);
  const subject: BackupSubject = {
    configuration,
    certificates: [],
    keys: [],
    dataDirectory,
    masterKeyFile: join(dataDirectory, 'master.key'),
    auditDirectory: join(dataDirectory, 'audit'),
    fallbackDirectory: null,
    leftOut: [],
  };
  return { directory, dataDirectory, subject };
}
