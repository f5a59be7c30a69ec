// Another program puts an export into the watched folder of a running gateway: it counts, on record, and what is wrong with the
// next one stands beside it.

import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { RelationReader } from '../../src/adapters/relation-reader.ts';
import { startGateway } from '../../src/main.ts';
import { records } from '../support/demo-story.ts';
import { sessionConfiguration } from '../support/session-gateway.ts';
import { silentLog } from '../support/silent-log.ts';
import { startWireEhr } from '../support/wire-ehr.ts';

test('an export in the watched folder is imported as the command does', async () => {
  const ehr = await startWireEhr();
  const files = { 'alerts.yaml': 'relations: { folder: exports }\n' };
  const { configuration, directory } = await sessionConfiguration(
    { rules: ['{ name: all, paths: /**, allow: everyone }'], files },
    ehr.origin,
  );
  const folder = join(directory, 'exports');
  mkdirSync(folder, { mode: 0o700 });
  let ahead = 0;
  const clock = { now: () => Date.now(), monotonic: () => performance.now() + ahead };
  const gateway = await startGateway(configuration, silentLog, clock);
  onTestFinished(async () => {
    await gateway.close();
    await ehr.close();
    rmSync(directory, { recursive: true, force: true });
  });
  const put = async (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    for (let time = 0; time < 2; time += 1) {
      ahead += 10_000;
      await gateway.composed.sweep();
    }
  };
  const said = (into: string) => {
    const [note = ''] = readdirSync(join(folder, into)).filter((name) => name.endsWith('.txt'));
    return readFileSync(join(folder, into, note), 'utf8')
      .trim()
      .split('\n');
  };

  await put('staff.csv', 'login,name\nnora,Nora Nurse\n');
  expect(said('done')).toEqual(['1 rows of staff count from now on, sealed']);
  const { dataDirectory, masterKeyFile } = configuration.settings;
  const reader = new RelationReader({ dataDirectory, masterKeyFile });
  reader.look();
  expect(reader.relations?.roster.member('nora')?.name).toBe('Nora Nurse');
  reader.close();
  const order = records({ auditDirectory: gateway.composed.audit.directory }).find(({ event }) => event === 'order');
  expect(order?.['detail']).toMatch(/^"relations import" \(staff, file sha256 .*because: it lay in the watched folder$/);

  await put('appointments.csv', 'patient,time\n1,soon\n');
  expect(said('failed')).toEqual([
    'appointments.csv:2:3: The time cannot be read; write it as 2026-12-31 14:30',
    '1 mistake, nothing was imported; what was imported before stays',
    'Nothing was imported. Mend it and put it back',
  ]);
  expect(gateway.composed.notices()).toContain(
    'The last file of appointments in the watched folder was not imported; "failed" says why',
  );
});
