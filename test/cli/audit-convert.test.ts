// `wardgate audit convert` as IT types it, on a copy of a log and beside its key.

import { cpSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { auditCommand } from '../../src/cli/audit.ts';
import { auditEntry } from '../../src/core/audit/entry.ts';
import { auditDirectory, openTestLog, recordsIn, removeAuditDirectories, segments, verify } from '../support/audit-log.ts';
import { auditEventProblems } from '../support/check-audit-event.ts';
import { dicomAuditProblems } from '../support/check-dicom-audit.ts';
import { chartRead, jane } from '../support/every-event.ts';

const noon = Date.parse('2026-11-23T12:00:00.000Z');
const hour = 3_600_000;
let directory: string;
let copy: string;

beforeAll(async () => {
  directory = auditDirectory();
  const log = await openTestLog(directory);
  await log.append(auditEntry('sign-in', noon, { subject: { ...jane, name: '=1+1' }, address: '10.0.0.1', detail: 'a "b",\nc' }));
  await log.append(auditEntry('attempt', noon + hour, { ...chartRead, request: 'r-1', status: null }));
  await log.append(auditEntry('outcome', noon + hour, { ...chartRead, request: 'r-1' }));
  await log.append(auditEntry('attempt', noon + 2 * hour, { ...chartRead, request: 'r-2', status: null }));
  await log.close();
  copy = join(dirname(directory), 'copy');
  cpSync(directory, join(copy, 'audit'), { recursive: true });
  copy = join(copy, 'audit');
});
afterAll(removeAuditDirectories);

async function run(...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const print = { out: (line: string) => void out.push(line), err: (line: string) => void err.push(line) };
  const code = await auditCommand(['convert', ...args], print);
  return { code, out, err };
}

const said = 'This is a copy of a log: the conversion is not recorded in it';

test('FHIR: one valid event a line, an access once, and one that never ended as its attempt', async () => {
  const { code, out, err } = await run('--dir', copy, '--format', 'fhir');
  const events = out.map((line) => JSON.parse(line) as { outcome?: string; source: object });
  expect(events.flatMap(auditEventProblems)).toEqual([]);
  expect(events.map(({ outcome }) => outcome)).toEqual(['0', '0', undefined]);
  expect(JSON.stringify(events[0]?.source)).toMatch(/wardgate-audit\/[0-9a-f]{16}/);
  expect([code, err]).toEqual([0, [said]]);
});

test('DICOM: one message a line that fits the schema', async () => {
  const { out } = await run('--dir', copy, '--format', 'dicom');
  expect(out.flatMap(dicomAuditProblems)).toEqual([]);
  expect(out).toHaveLength(3);
});

test('JSON lines: the records as they stand', async () => {
  const { out } = await run('--dir', copy, '--format', 'jsonl');
  const stands = segments(copy).flatMap((name) => readFileSync(join(copy, name), 'utf8').split('\n').slice(0, -1));
  expect(out).toEqual(stands);
  expect(out).toHaveLength(4);
});

test('CSV: every key a column, and no spreadsheet takes a name for a formula', async () => {
  const { out } = await run('--dir', copy, '--format', 'csv');
  expect(out[0]).toMatch(/^seq,time,boot,monotonic,event,request,issuer,sub,name,machine,roles,.*,grant,detail,prev,hash$/);
  expect(out[1]).toContain(`,sign-in,,https://idp.clinic.example,u-77,'=1+1,,`);
  expect(out[1]).toContain(`,"a ""b"",\nc",`);
  expect(out[3]).toContain(',nurse,s-1,');
  expect(out).toHaveLength(5);
});

test.each`
  args                                                        | count
  ${['--since', '2026-11-23T13:00']}                          | ${2}
  ${['--until', '2026-11-23T13:00']}                          | ${1}
  ${['--since', '2026-11-23T14:00', '--until', '2026-11-24']} | ${1}
  ${['--since', '2027-11-23']}                                | ${0}
`('$args gives $count', async ({ args, count }: { args: string[]; count: number }) => {
  const { code, out, err } = await run('--dir', copy, '--format', 'fhir', ...args);
  expect(out).toHaveLength(count);
  expect([code, err.includes('No record fits')]).toEqual(count === 0 ? [1, true] : [0, false]);
});

test('a file is its owner’s alone, and none is written over', async () => {
  const out = join(dirname(copy), 'events.ndjson');
  const first = await run('--dir', copy, '--format', 'fhir', '--out', out);
  expect([first.code, first.out]).toEqual([0, [`Wrote 3 records as fhir to "${out}"`]]);
  expect(statSync(out).mode & 0o777).toBe(0o600);
  expect(readFileSync(out, 'utf8').trimEnd().split('\n')).toHaveLength(3);
  const second = await run('--dir', copy, '--format', 'fhir', '--out', out);
  expect([second.code, second.err[0]]).toEqual([2, `"${out}" is there already, name another file with --out`]);
});

test('a long file holds every line that the terminal would show', async () => {
  const long = auditDirectory();
  const log = await openTestLog(long);
  for (let at = 0; at < 100; at += 1) await log.append(auditEntry('outcome', noon + at, { ...chartRead, request: `r-${at}` }));
  await log.close();
  const moved = join(auditDirectory(), 'copy');
  cpSync(long, moved, { recursive: true });
  const file = join(dirname(moved), 'events.ndjson');
  expect((await run('--dir', moved, '--format', 'fhir', '--out', file)).code).toBe(0);
  const shown = (await run('--dir', moved, '--format', 'fhir')).out;
  expect(shown).toHaveLength(100);
  expect(readFileSync(file, 'utf8')).toBe(`${shown.join('\n')}\n`);
  expect(statSync(file).size).toBeGreaterThan(131_072);
});

test('a file that cannot be written is told, and what was begun does not stay', async () => {
  const out = join(dirname(copy), 'nowhere', 'events.ndjson');
  const { code, err } = await run('--dir', copy, '--format', 'fhir', '--out', out);
  expect([code, err.at(-1), existsSync(out)]).toEqual([1, expect.stringContaining('ENOENT'), false]);
});

test('a record without a readable time is counted and left out', async () => {
  const broken = auditDirectory();
  cpSync(copy, broken, { recursive: true });
  const [name = ''] = segments(broken);
  const text = readFileSync(join(broken, name), 'utf8');
  writeFileSync(join(broken, name), text.replace(/"time":"[^"]*"/, '"time":"noon"'));
  const { out, err } = await run('--dir', broken, '--format', 'dicom');
  expect([out.length, err.at(-1)]).toEqual([2, '1 records without a readable time were left out']);
});

test('beside the key of a log the conversion is on record before anything of it is shown', async () => {
  const { out, err } = await run('--dir', directory, '--format', 'fhir', '--since', '2026-11-23');
  expect(err).toEqual([]);
  const deed = segments(directory)
    .flatMap((name) => recordsIn(directory, name))
    .find(({ event }) => event === 'audit-exported');
  expect(deed?.['detail']).toMatch(/^records since 2026-11-23 were converted to fhir by ".+"$/);
  expect(out.length).toBeGreaterThanOrEqual(3);
  expect(await verify(directory)).toMatchObject({ sound: true });
});

test.each`
  args                                            | says
  ${[]}                                           | ${'--format is missing or unknown: say fhir, dicom, csv or jsonl'}
  ${['--format', 'pdf']}                          | ${'--format is missing or unknown'}
  ${['--format', 'fhir', '--since', 'yesterday']} | ${'--since "yesterday" is neither'}
`('$args is wrong usage', async ({ args, says }: { args: string[]; says: string }) => {
  const { code, err } = await run('--dir', copy, ...args);
  expect([code, err[0]]).toEqual([2, expect.stringContaining(says)]);
});
