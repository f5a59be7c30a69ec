// The demo's own directory of patients, so that its console shows names; imported as IT would, and on record like that.

import { join } from 'node:path';
import { loadConfiguration } from '../config/load.ts';
import { patients } from '../demo/ehr/patients.ts';
import { importPatients } from './patients/import-patients.ts';
import type { Demo } from './start-demo.ts';

/** Rejects where the demo's gateway does not run. */
export async function importDemoPatients({ directory }: Pick<Demo, 'directory'>): Promise<void> {
  const loaded = await loadConfiguration(join(directory, 'gateway.yaml'), { secrets: 'optional' });
  if (!loaded.ok) throw new Error('The configuration of the demo cannot be read again');
  const rows = patients.map(({ pid, mrn, givenName, familyName, born }) =>
    [pid, mrn, `"${familyName}, ${givenName}"`, born].join(','),
  );
  const bytes = Buffer.from(['pid,mrn,name,birth-date', ...rows, ''].join('\n'));
  const given = { file: 'the demo', bytes, columns: new Map(), encoding: null, dryRun: false };
  const imported = await importPatients(loaded.configuration.settings, given);
  if (!imported.ok) throw new Error(imported.mistakes.map(({ message }) => message).join('\n'));
}
