// Rules applied while the gateway is stopped, while it runs, with the power going in the middle, and by somebody who forges
// the note. SIGKILL stands in for the switch; it is thrown at what is seen on the disk and not by time.

import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { versionOf } from '../../src/adapters/rule-versions.ts';
import { loadConfiguration } from '../../src/config/load.ts';
import { readRulesNote } from '../../src/core/audit/rules-note.ts';
import { apply } from '../../src/cli/apply.ts';
import { rules as rulesCommand } from '../../src/cli/rules.ts';
import { told } from '../support/backup-clinic.ts';
import { clinic } from '../support/clinic.ts';
import type { Clinic } from '../support/clinic.ts';
import { roleLines, rulesChanges } from '../support/clinic-story.ts';
import { command, endCommands, gatewayProcess } from '../support/command.ts';
import { eventually } from '../support/demo-story.ts';

let place: Clinic;
let rulesFile: string;
let folder: string;

/** Sound rules that are told apart by their comment. */
const text = (name: string): string =>
  `# ${name}\n${roleLines}\nrules:\n  - { name: charts, paths: [/chart], patient: query.pid, allow: nurse }\n`;

beforeAll(async () => {
  place = await clinic({ rules: text('first') });
  rulesFile = join(place.directory, 'rules.yaml');
  folder = join(place.directory, 'data', 'rules');
  // Once through, so that there is a master key and a data directory.
  await (await gatewayProcess(place.file)).end();
});
afterEach(endCommands);
afterAll(async () => place.close());

function newFile(name: string): string {
  const file = join(place.directory, 'new.yaml');
  writeFileSync(file, text(name));
  return file;
}

const configurations = () => rulesChanges(place).map((one) => readRulesNote(String(one['detail']))); // prettier-ignore
const applying = (name: string): string[] => ['--rules', newFile(name), '--reason', `now ${name}`, '--config', place.file];

test('the power goes in the middle: the old rules or the new ones, whole, and the next apply succeeds', async () => {
  const moments: readonly (readonly [string, (version: string, notes: number) => boolean])[] = [
    ['the version is kept', (version) => existsSync(join(folder, `${version}.yaml`))],
    ['the note is there', (_version, notes) => countNotes() > notes],
    ['the new file lies beside', () => readdirSync(place.directory).some((name) => name.startsWith('rules.yaml-'))],
    ['the file is replaced', (version) => versionOf(readFileSync(rulesFile)) === version],
  ];
  let before = readFileSync(rulesFile, 'utf8');
  let killed = 0;
  for (const [name, seen] of moments) {
    const wanted = text(name);
    const notes = countNotes();
    const running = command(['apply', ...applying(name)]);
    const state = { isGone: false };
    void running.ended.then(() => (state.isGone = true));
    while (!state.isGone && !seen(versionOf(Buffer.from(wanted)), notes)) await new Promise((resolve) => setImmediate(resolve));
    if ((await running.end('SIGKILL')).signal === 'SIGKILL') killed += 1;
    const now = readFileSync(rulesFile, 'utf8');
    expect([before, wanted]).toContain(now);
    expect(await loadConfiguration(place.file)).toMatchObject({ ok: true });
    const again = await told(apply, ...applying(`${name}, again`));
    expect(again).toMatchObject({ code: 0, out: expect.stringContaining('No gateway is running here') });
    before = readFileSync(rulesFile, 'utf8');
    expect(before).toBe(text(`${name}, again`));
    expect(readdirSync(place.directory).filter((one) => one.startsWith('rules.yaml-'))).toEqual([]);
    expect((await told(rulesCommand, 'history', '--config', place.file)).code).toBe(0);
  }
  expect(killed).toBeGreaterThan(0);
});

function countNotes(): number {
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.note')).length : 0;
}

test('what was applied to a stopped gateway is on record at its next start, once', async () => {
  await told(apply, ...applying('while it was stopped'));
  await (await gatewayProcess(place.file)).end();
  expect(configurations().at(-1)).toMatchObject({ author: { deed: 'applied', reason: 'now while it was stopped' } });
  const count = configurations().length;
  await (await gatewayProcess(place.file)).end();
  expect(configurations()).toHaveLength(count);
});

test('what was changed by hand on a stopped gateway has no author', async () => {
  writeFileSync(rulesFile, text('by hand'));
  await (await gatewayProcess(place.file)).end();
  expect(configurations().at(-1)?.author).toBeNull();
});

test('a forged note is not believed by a running gateway', async () => {
  await gatewayProcess(place.file);
  const forged = { sequence: countNotes() + 1, version: versionOf(Buffer.from(text('forged'))), previous: null };
  const note = {
    ...forged,
    deed: 'applied',
    person: 'the director',
    reason: 'fine',
    approver: null,
    time: '2026-11-23T10:00:00.000Z',
  };
  writeFileSync(join(folder, `${String(forged.sequence).padStart(6, '0')}.note`), JSON.stringify(note));
  const count = configurations().length;
  writeFileSync(rulesFile, text('forged'));
  await eventually(() => configurations().length > count, 'the record of the change', 20_000);
  expect(configurations().at(-1)?.author).toBeNull();
  const history = await told(rulesCommand, 'history', '--config', place.file);
  expect(history).toMatchObject({ code: 1, out: expect.stringContaining('cannot be believed') });
  expect(history.out).toContain('author not recorded');
});

test('rules that are not sound are not applied, and nothing is kept of them', async () => {
  const file = join(place.directory, 'new.yaml');
  writeFileSync(file, text('wrong').replace('allow: nurse', 'allow: nurze'));
  const [before, kept] = [readFileSync(rulesFile, 'utf8'), readdirSync(folder)];
  const { code, err } = await told(apply, '--rules', file, '--reason', 'x', '--config', place.file);
  expect(code).toBe(1);
  expect(err).toMatch(/new\.yaml:\d+:\d+: .*did you mean "nurse"\?/);
  expect(readFileSync(rulesFile, 'utf8')).toBe(before);
  expect(readdirSync(folder)).toEqual(kept);
});

test.each<[string, string[], RegExp]>([
  ['no reason', ['--rules', 'F'], /--reason is missing/],
  ['an empty reason', ['--rules', 'F', '--reason', ' '], /reason is empty/],
  ['a reason too long for the record', ['--rules', 'F', '--reason', 'x'.repeat(201)], /201 characters, and the record keeps 200/],
  ['an approver who is the person', ['--rules', 'F', '--reason', 'x', '--person', 'Ada', '--approver', 'ada'], /somebody else must approve/], // prettier-ignore
  ['a file that is not there', ['--rules', 'nowhere.yaml', '--reason', 'x'], /does not exist/],
  ['an unknown option', ['--force'], /--force/],
])('wrong usage: %s', async (_what, args, says) => {
  const file = newFile('not applied');
  const given = args.map((arg) => (arg === 'F' ? file : arg));
  const { code, err } = await told(apply, ...given, '--config', place.file);
  expect({ code, err }).toMatchObject({ code: 2, err: expect.stringMatching(says) });
});
