// The privacy officer asks by name who opened a chart, chooses among people of one name, and sees names in the rows; what was
// typed stands nowhere in the record.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { auditCommand } from '../../src/cli/audit.ts';
import { importPatients } from '../../src/cli/patients/import-patients.ts';
import { importDemoPatients } from '../../src/cli/import-demo-patients.ts';
import type { Demo } from '../../src/cli/start-demo.ts';
import { loadConfiguration } from '../../src/config/load.ts';
import { patientCell } from '../../src/console/patient-parts.ts';
import { findPatient } from '../../src/demo/ehr/patients.ts';
import { html, markupText } from '../../src/pages/html.ts';
import type { CookieClient } from '../support/cookie-client.ts';
import { linesOf, signIn, story } from '../support/demo-story.ts';

const eleven = findPatient(11);
const name = `${eleven?.givenName} ${eleven?.familyName}`;
let demo: Demo;
let officer: CookieClient;

beforeAll(async () => {
  demo = await story();
  await importDemoPatients(demo);
  officer = await signIn(demo, 'security', '/.wardgate/console');
  const nurse = await signIn(demo, 'nurse');
  for (const pid of [11, 12, 99]) await nurse.ask(`${demo.origin}/chart?pid=${pid}`, { headers: { accept: 'text/html' } });
  await vi.waitFor(async () => expect(await page('days=7')).toContain('>99</td>'), 20_000);
});
afterAll(async () => demo.close());

async function page(query: string): Promise<string> {
  const shown = await officer.page(`${demo.origin}/.wardgate/console?${query}`);
  expect(shown.status).toBe(200);
  return shown.text.replaceAll(/\s+/g, ' ');
}

const rows = (text: string): number => text.match(/<tr class="/g)?.length ?? 0;

test('rows name the patient with the id that was opened; an id without a name stands alone, and a token without an id is said so', async () => {
  const text = await page('person=nurse');
  expect(text).toContain('>99</td>');
  const token = `~${'a'.repeat(26)}`;
  const cell = markupText(html`${patientCell(token, new Map())}`);
  expect(cell).toBe(
    `unknown patient <a href="/.wardgate/console?patient=%7E${'a'.repeat(26)}&amp;days=all"><code>~aaaaaa…</code></a>`,
  );
  expect(text).toContain(`>${eleven?.familyName}, ${eleven?.givenName} (11)</td>`);
});

test('a patient is found by name, by any of their ids, and by token, with the same records', async () => {
  const byId = await page('patient=11');
  expect(rows(byId)).toBeGreaterThan(0);
  expect(byId).toContain(
    `Records of <strong>${eleven?.familyName}, ${eleven?.givenName}</strong>, born ${eleven?.born}: pid 11, mrn ${eleven?.mrn}.`,
  );
  const token = demo.gateway.composed.state.patientTokens.tokenOf('11');
  for (const asked of [name, name.toUpperCase(), eleven?.mrn ?? '', token])
    expect([asked, rows(await page(new URLSearchParams({ patient: asked }).toString()))]).toEqual([asked, rows(byId)]);
});

test('people of one name are told apart by the one who asks', async () => {
  const text = await page(`patient=${eleven?.givenName}`);
  expect(text).toContain('Several patients have that name. Whose records?');
  expect(rows(text)).toBe(0);
  const [, address = ''] =
    new RegExp(`<a href="([^"]*)">${eleven?.familyName}, ${eleven?.givenName}</a>, born ${eleven?.born}`).exec(text) ?? [];
  const chosen = await officer.page(demo.origin + address.replaceAll('&amp;', '&'));
  expect(rows(chosen.text)).toBe(rows(await page('patient=11')));
});

test('a name that nobody has finds nothing, and says where it looked', async () => {
  const text = await page('patient=Nobody+Known');
  expect(text).toContain('No patient of that id or name stands in the directory');
  expect(text).toContain('No record fits.');
});

test('the command line takes names as well, and does not guess among several', async () => {
  const run = async (...args: string[]) => {
    const said: string[] = [];
    const print = { out: (line: string) => void said.push(line), err: (line: string) => void said.push(line) };
    return { code: await auditCommand(['search', '--config', join(demo.directory, 'gateway.yaml'), ...args], print), said };
  };
  const one = await run('--patient', name);
  expect([one.code, one.said.join('\n')]).toEqual([0, expect.stringContaining(`${eleven?.familyName}, ${eleven?.givenName}`)]);
  const several = await run('--patient', eleven?.givenName ?? '');
  expect(several.code).not.toBe(0);
  expect(several.said.join('\n')).toMatch(/^\d+ patients have that name; "wardgate patients show NAME" says who they are/);
});

test('what was typed stands nowhere in the record, nor in the stores', async () => {
  const record = linesOf(demo).join('\n');
  expect(record).toContain('/.wardgate/console?');
  for (const secret of [eleven?.familyName, eleven?.mrn, 'Nobody', 'Known'])
    expect([secret, record.includes(String(secret))]).toEqual([secret, false]);
  for (const file of ['identity.db', 'identity.db-wal'])
    expect(readFileSync(join(demo.gateway.composed.audit.directory, '..', file)).includes(String(eleven?.familyName))).toBe(
      false,
    );
});

test('a new directory counts at once, also for the rows that are on record', async () => {
  const loaded = await loadConfiguration(join(demo.directory, 'gateway.yaml'));
  if (!loaded.ok) throw new Error('The configuration of the demo is sound');
  const bytes = Buffer.from('pid,name\n99,"Newman, Nell"\n');
  await importPatients(loaded.configuration.settings, { file: 'x', bytes, columns: new Map(), encoding: null, dryRun: false });
  expect(await page('patient=nell+newman')).toContain('>Newman, Nell (99)</td>');
  expect(await page('patient=11')).toContain(', not in the directory any more');
});
