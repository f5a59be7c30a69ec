// A varied day, and then whose it was: no id stands in any file of the access record, in its index or in the operations log,
// whoever may ask finds everything by the id, and the EHR was asked for exactly what people asked for.

import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { indexFileIn } from '../../src/adapters/audit-indexing.ts';
import { openPatientFile } from '../../src/adapters/patient-file.ts';
import { auditCommand } from '../../src/cli/audit.ts';
import type { Demo } from '../../src/cli/start-demo.ts';
import { patientTokenSystem } from '../../src/core/audit/message/patient-identity.ts';
import { recordsOf, roleLines, script } from '../support/clinic-story.ts';
import { CookieClient } from '../support/cookie-client.ts';
import { eventually, linesOf, records, signIn, story } from '../support/demo-story.ts';
import { FakeLog } from '../support/fake-ports.ts';
import { filesBelow } from '../support/files-below.ts';

const rules = `${roleLines}
rules:
  - { name: charts, paths: [/chart], patient: [query.set_pid, query.pid, session], selectsPatient: query.set_pid, category: chart, allow: [physician, nurse], emergency: front-desk, record: [pid, view] }
  - { name: notes, paths: [/chart/notes], methods: POST, patient: form.pid, when: { form: { text: present } }, category: notes, allow: nurse }
  - { name: letters, paths: ["/letters/{patient}/{letter}"], patient: path.patient, category: correspondence, allow: [physician, nurse] }
  - { name: images, paths: ["/studies/{study}/series/*/**"], identifying: path.study, category: imaging, allow: [physician, nurse] }
  - { name: documents, paths: [/documents/file], patient: query.pid, download: always, allow: everyone }
  - { name: faults, paths: ["/fault/**"], allow: everyone }
  - { name: rest, paths: [/main], allow: everyone }
  - { name: console, area: wardgate.console, allow: privacy }
downloads:
  everyone: { files: 1/hour, then: ask }
`;

/** Ids that stand nowhere by chance, by what happens to each. */
const ids = {
  path: '907163482',
  query: '918273645',
  selected: '923847561',
  form: '934758612',
  refused: '945867123',
  emergency: '956978234',
  reason: 'MRN-967089345',
  wish: '978190456',
  download: '989201567',
  twice: '910312678',
  other: '921423789',
  odd: 'PT-932534890',
  unknownPath: '943645901',
  uuid: '6f1d2c3b-94ad-4c5e-8f70-0a1b2c3d4e5f',
  study: '1.2.840.954756.12',
  series: '1.2.840.965867.23',
  stranger: '976978345',
  malformed: '987089456',
  draft: '998190567',
  asked: '909201678',
  sentence: '910312789.7',
  broken: '921423890',
} as const;
type Kind = keyof typeof ids;

/** Patients of rules, whom a search finds. */
const patients: readonly Kind[] = ['path', 'query', 'selected', 'form', 'emergency', 'download'];

const log = new FakeLog();
let demo: Demo;
let officer: CookieClient;
/** Each signs in once: a code is accepted once. */
let nurse: CookieClient;
let desk: CookieClient;
const url = (path: string): string => demo.origin + path;

beforeAll(async () => {
  demo = await story({ rules, log, applicationLines: ['preset: legacy-demo', 'signOn: { header: X-Remote-User }'] });
  nurse = await signIn(demo, 'nurse');
  desk = await signIn(demo, 'front-desk');
  officer = await signIn(demo, 'security', '/.wardgate/console');
  await reads();
  await refusals();
  await writes();
  await emergencies();
});
afterAll(async () => demo.close());

async function reads(): Promise<void> {
  await script(nurse, url(`/letters/${ids.path}/1`));
  await script(nurse, url(`/chart?pid=${ids.query}&view=full`));
  await nurse.page(url(`/chart?set_pid=${ids.selected}`));
  await script(nurse, url('/chart'));
  await script(nurse, url(`/studies/${ids.study}/series/${ids.series}/${ids.uuid}`));
  for (const file of [1, 2]) await script(nurse, url(`/documents/file?pid=${ids.download}&id=${file}`));
  await script(nurse, url(`/fault/reset?pid=${ids.broken}`));
  await script(nurse, url(`/fault/reset/${ids.broken}`)).catch(() => undefined);
}

async function refusals(): Promise<void> {
  await script(nurse, url(`/nowhere/${ids.unknownPath}/${ids.uuid}.pdf?${ids.unknownPath}`));
  await script(nurse, url(`/chart?pid=${ids.twice}&pid=${ids.other}`));
  await script(nurse, url(`/letters/${ids.odd}/1`));
  await script(nurse, url(`/chart?pid=${ids.odd}`));
  await script(nurse, url(`/letters/${ids.malformed}./1`));
  const stranger = new CookieClient();
  await script(stranger, url(`/letters/${ids.stranger}/1`));
  await script(desk, url(`/letters/${ids.refused}/1`));
  const page = await desk.page(url(`/letters/${ids.asked}/1`));
  const asked = /name="asked" value="([^"]+)"/.exec(page.text)?.[1] ?? expect.fail(`Nothing to ask for: ${page.text}`);
  await desk.form(url('/.wardgate/ask-access'), { asked, why: `It is about ${ids.sentence}, as ever` });
}

async function writes(): Promise<void> {
  const form = { 'content-type': 'application/x-www-form-urlencoded', origin: demo.origin };
  await script(nurse, url('/chart/notes'), { method: 'POST', body: `text=1&pid=${ids.form}`, headers: form });
  const draft = JSON.stringify({ path: `/letters/${ids.draft}/1`, fields: [['text', 'half typed']] });
  const json = { 'content-type': 'application/json', origin: demo.origin };
  const kept = await script(nurse, url('/.wardgate/draft'), { method: 'POST', body: draft, headers: json });
  expect(kept.status).toBe(204);
  await nurse.form(url('/.wardgate/more-downloads?return=%2Fmain'), { reason: `All papers of ${ids.wish} are wanted` });
}

async function emergencies(): Promise<void> {
  await desk.form(url('/.wardgate/emergency?return=%2Fmain'), { reason: `Collapsed in the hall: ${ids.reason}.` });
  await script(desk, url(`/chart?pid=${ids.emergency}`));
}

async function audit(...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const print = { out: (line: string) => void out.push(line), err: (line: string) => void err.push(line) };
  const code = await auditCommand(args, print);
  return { code, out, err };
}

const config = () => join(demo.directory, 'gateway.yaml');
const dataDirectory = () => join(demo.auditDirectory, '..');

/** Which of the ids a text has. */
const found = (text: string): Kind[] => (Object.keys(ids) as Kind[]).filter((kind) => text.includes(ids[kind]));

function indexRows(): string {
  const database = new DatabaseSync(indexFileIn(dataDirectory()), { readOnly: true });
  try {
    const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
    return tables.map(({ name }) => JSON.stringify(database.prepare(`SELECT * FROM "${String(name)}"`).all())).join('\n');
  } finally {
    database.close();
  }
}

describe('no id stands', () => {
  test('in a record, and what happened is on record', async () => {
    const events = new Set(records(demo).map(({ event }) => event));
    for (const event of ['attempt', 'outcome', 'refusal', 'chart-opened', 'break-glass', 'budget-extended', 'access-asked'])
      expect(events).toContain(event);
    expect(events).toContain('draft-held');
    expect(found(linesOf(demo).join('\n'))).toEqual([]);
    // Behind the tokens is everything that was asked for.
    await expect.poll(() => found(JSON.stringify(records(demo)))).toEqual(Object.keys(ids));
  });

  test('in any file beside it, or in the index', async () => {
    await expect.poll(async () => (await audit('search', '--config', config(), '--last', '1')).code, { timeout: 20_000 }).toBe(0);
    for (const [path, content] of filesBelow(demo.auditDirectory))
      expect([path, found(content.toString('latin1'))]).toEqual([path, []]);
    expect(indexRows()).toContain('~');
    expect(found(indexRows())).toEqual([]);
    for (const ending of ['', '-wal']) {
      const file = filesBelow(dataDirectory()).get(`${indexFileIn(dataDirectory())}${ending}`);
      expect(found(file?.toString('latin1') ?? '')).toEqual([]);
    }
  });

  test('in the operations log', () => {
    expect(log.said.length).toBeGreaterThan(0);
    const said = log.said.map(
      ({ fields, message }) => `${message} ${JSON.stringify(fields)} ${Object.values(fields).map(String).join(' ')}`,
    );
    expect(found(said.join('\n'))).toEqual([]);
  });
});

describe('by the id', () => {
  test.each(patients)('a search finds the patient of: %s', async (kind) => {
    const look = () => audit('search', '--config', config(), '--patient', ids[kind], '--json');
    await expect.poll(async () => (await look()).code, { timeout: 20_000 }).toBe(0);
    const { out } = await look();
    const rows = out.map((line) => JSON.parse(line) as { patient: string; patientId: string });
    expect(new Set(rows.map(({ patientId }) => patientId))).toEqual(new Set([ids[kind]]));
    expect(rows.every(({ patient }) => /^~[a-z2-7]{26}$/.test(patient))).toBe(true);
    const { out: text } = await audit('search', '--config', config(), '--patient', rows[0]?.patient ?? '');
    expect(text.length).toBe(out.length);
    expect(text.join('\n')).toContain(`patient=${ids[kind]}`);
  });

  test('the console finds the patient and shows the id, also within an address and a reason', async () => {
    const ask = async (query: string) => (await officer.page(url(`/.wardgate/console?${query}`))).text;
    await expect.poll(() => ask(`patient=${ids.path}`), { timeout: 20_000 }).toContain(`<code>/letters/${ids.path}/1</code>`);
    expect(await ask(`patient=${ids.path}`)).toContain(`>${ids.path}</td>`);
    expect(await ask('show=review')).toContain(`Collapsed in the hall: ${ids.reason}.`);
    expect(await ask('show=refused')).toContain(`/nowhere/${ids.unknownPath}/${ids.uuid}.pdf`);
  });

  test('a copy of the log tells tokens alone, and ids with the configuration of the gateway', async () => {
    const copy = ['--dir', demo.auditDirectory];
    const blind = await audit('show', ...copy, '--patient', ids.path);
    expect([blind.code, blind.out]).toEqual([1, []]);
    expect(blind.err[0]).toContain('--patients');
    expect(found((await audit('show', ...copy, '--last', '1000')).out.join('\n'))).toEqual([]);
    const seeing = await audit('show', ...copy, '--patient', ids.path, '--patients', config());
    expect(seeing.err).toEqual([]);
    expect(seeing.out.join('\n')).toContain(`/letters/${ids.path}/1  patient=${ids.path}`);
  });

  test('other systems are told the token, or the id where it is asked for, and that stands on record', async () => {
    const convert = async (format: string, ...more: string[]) =>
      (await audit('convert', '--dir', demo.auditDirectory, '--format', format, ...more)).out.join('\n');
    const fhir = await convert('fhir');
    expect(found(fhir)).toEqual([]);
    expect(fhir).toContain(`"system":"${patientTokenSystem}","value":"~`);
    expect(found(await convert('dicom'))).toEqual([]);
    const resolved = await convert('fhir', '--resolve-patients', '--patients', config());
    expect(resolved).toContain(`{"value":"${ids.path}","assigner":{"display":"ehr"}}`);
    expect(found(await convert('csv', '--resolve-patients', '--patients', config()))).toEqual(
      expect.arrayContaining([...patients]),
    );
    const told = await eventually(() => recordsOf(demo, 'audit-exported').at(-1), 'the record');
    expect(told['detail']).toMatch(/^all records were converted to csv, with the ids of patients, by /);
    expect(found(linesOf(demo).join('\n'))).toEqual([]);
  });

  test('an export about a patient names the token', async () => {
    const out = join(demo.directory, 'export.json');
    const exported = () =>
      audit('export', '--dir', demo.auditDirectory, '--patient', ids.path, '--patients', config(), '--out', out);
    await expect.poll(async () => (await exported()).code, { timeout: 20_000 }).toBe(0);
    const bundle = filesBelow(demo.directory).get(out)?.toString('utf8') ?? '';
    expect(found(bundle)).toEqual([]);
    const { selection, records: proved } = JSON.parse(bundle) as { selection: { patient: string }; records: { line: string }[] };
    expect(proved.length).toBeGreaterThan(1);
    for (const { line } of proved) expect(line).toContain(`"patient":"${selection.patient}"`);
  });
});

test('the EHR was asked for exactly what people asked for', () => {
  const asked = demo.ehr.requests().map(({ target }) => target);
  for (const target of [
    `/letters/${ids.path}/1`,
    `/chart?pid=${ids.query}&view=full`,
    `/chart?set_pid=${ids.selected}`,
    `/studies/${ids.study}/series/${ids.series}/${ids.uuid}`,
  ])
    expect(asked).toContain(target);
  expect(asked.join('\n')).not.toContain('~');
});

test('what stands in the place of each is the same token everywhere', async () => {
  const file = await openPatientFile(dataDirectory(), join(dataDirectory(), 'master.key'));
  const token = file.tokens.tokenOf(ids.path);
  await file.close();
  const lines = linesOf(demo).filter((line) => line.includes(`"target":"/letters/${token}/1"`));
  expect(lines.length).toBeGreaterThan(1);
  for (const line of lines) expect(line).toContain(`"patient":"${token}"`);
});

test('a page that somebody sees of themselves has the ids', async () => {
  const own = async () => (await nurse.page(url('/.wardgate/sessions'))).text;
  await expect.poll(own, { timeout: 20_000 }).toContain(ids.form);
});
