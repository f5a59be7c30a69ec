// The ids behind the tokens of a running gateway, as JSON text, for stories that tell of patients by their ids.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { FileSealer } from '../../src/adapters/sealer-file.ts';
import { readRows } from './story-store.ts';

/** Token → id, escaped as within a JSON string. Empty where the directory holds no state. */
export function idsBehindTokens(dataDirectory: string): ReadonlyMap<string, string> {
  const [file, key] = [join(dataDirectory, 'identity.db'), join(dataDirectory, 'master.key')];
  if (!existsSync(file) || !existsSync(key)) return new Map();
  const sealer = new FileSealer(key);
  const rows = readRows(dataDirectory, 'SELECT token, sealed FROM patients');
  return new Map(
    rows.map(({ token, sealed }) => {
      const id = sealer.open('patient-id', String(token), String(sealed));
      return [String(token), JSON.stringify(id).slice(1, -1)];
    }),
  );
}
