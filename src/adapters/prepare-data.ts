// Makes the data directory and, on the very first start, the master key.

import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Settings } from '../config/settings.ts';
import type { OperationsLog } from '../ports.ts';
import { createMasterKey } from './sealer-file.ts';

/** Throws, naming the file, when the key is gone but data sealed with it is there: a new key would lock everybody out. */
export function prepareData(settings: Pick<Settings, 'dataDirectory' | 'masterKeyFile'>, log: OperationsLog): void {
  const { dataDirectory, masterKeyFile } = settings;
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
  if (existsSync(masterKeyFile)) return;
  if (existsSync(join(dataDirectory, 'identity.db'))) {
    throw new Error(
      `The master key "${masterKeyFile}" is missing, but "${dataDirectory}" holds data sealed with it: put the key back`,
    );
  }
  mkdirSync(dirname(masterKeyFile), { recursive: true, mode: 0o700 });
  createMasterKey(masterKeyFile);
  log.info({ file: masterKeyFile }, 'A master key was made; keep a copy where the backups are not');
}
