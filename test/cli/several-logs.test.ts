// What an auditor does with copies of the logs of several gateways, and with no gateway: verifies, reads, searches and reconciles
// them as one record.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { originOf } from '../../src/adapters/audit-checkpoint.ts';
import { keepNumber, numberFile } from '../../src/adapters/audit-gateway-number.ts';
import { auditCommand } from '../../src/cli/audit.ts';
import { auditEntry } from '../../src/core/audit/entry.ts';
import { createPublicKey } from 'node:crypto';
import { auditDirectory, openTestLog, removeAuditDirectories } from '../support/audit-log.ts';
import { told } from '../support/backup-clinic.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const noon = Date.parse('2026-11-23T12:00:00.000Z');
const minute = 60_000;
const ada = { issuer: 'https://idp', sub: '7', name: 'ada' };

afterAll(removeAuditDirectories);

/** Each request is an attempt and its outcome, so that the first of them are records 1 and 2. */
async function logWith(minutes: readonly number[], gateway: number | null = null): Promise<string> {
  const directory = auditDirectory();
  const log = await openTestLog(directory);
  for (const at of minutes) {
    const fields = { request: `r-${at}`, subject: ada, application: 'ehr', method: 'GET', target: `/list/${at}` } as const;
    await log.append(auditEntry('attempt', noon + at * minute, fields));
    await log.append(auditEntry('outcome', noon + at * minute, { ...fields, decision: 'allowed', status: 200, bytesOut: 10 }));
  }
  await log.close();
  const origin = originOf(createPublicKey(readFileSync(join(directory, 'audit-signing.pub'))));
  if (gateway !== null) keepNumber(join(directory, numberFile), origin, gateway);
  return directory;
}

let one: string;
let two: string;
let both: string[];

beforeAll(async () => {
  one = await logWith([1, 3, 5]);
  two = await logWith([2, 4]);
  both = ['--dir', one, '--dir', two];
});

async function ask(...args: string[]) {
  const { code, out, err } = await told(auditCommand, ...args);
  return { code, out: out.split('\n').slice(0, -1), err: err.split('\n').slice(0, -1) };
}

const numbersOf = (lines: readonly string[]): string[] => lines.map((line) => line.split('  ')[0] ?? '');

test('all logs are verified in one call, and one that was changed is named', async () => {
  const { code, out } = await ask('verify', ...both);
  expect([code, out.at(-1)]).toEqual([0, 'All 2 logs are sound']);
  expect(out.filter((line) => /^Gateway \d, /.test(line))).toEqual([`Gateway 1, "${one}"`, `Gateway 2, "${two}"`]);
  expect(out.filter((line) => line.startsWith('  Sound: '))).toHaveLength(2);
  const changed = await logWith([7]);
  const file = join(changed, readdirSync(changed).find((name) => name.endsWith('.jsonl')) ?? '');
  writeFileSync(file, readFileSync(file, 'utf8').replace('/list/7', '/list/8'));
  const found = await ask('verify', ...both, '--dir', changed);
  expect([found.code, found.out.at(-1)]).toEqual([1, 'Not sound: the log of gateway 3']);
  const { sound, logs } = JSON.parse((await ask('verify', ...both, '--dir', changed, '--json')).out[0] ?? '') as {
    readonly sound: boolean;
    readonly logs: readonly { readonly gateway: number; readonly sound: boolean; readonly records: number }[];
  };
  expect(sound).toBe(false);
  expect(logs.map(({ gateway, sound: is }) => [gateway, is])).toEqual([
    [1, true],
    [2, true],
    [3, false],
  ]);
});

test('what stands behind a log belongs to it: each is held against its own key', async () => {
  const keys = [one, two].map((directory) => join(directory, 'audit-signing.pub'));
  const right = ['--dir', one, '--key', keys[0] ?? '', '--dir', two, '--key', keys[1] ?? ''];
  expect((await ask('verify', ...right)).code).toBe(0);
  const wrong = ['--dir', one, '--key', keys[1] ?? '', '--dir', two];
  const { code, out } = await ask('verify', ...wrong);
  expect([code, out.at(-1)]).toEqual([1, 'Not sound: the log of gateway 1']);
  // What stands before the first log belongs to that one.
  expect((await ask('verify', '--key', keys[0] ?? '', ...both)).code).toBe(0);
});

test('records of all are shown in the order of their time, by their numbers among all', async () => {
  const { out } = await ask('show', ...both);
  expect(numbersOf(out)).toEqual(['1', '2', '2/1', '2/2', '3', '4', '2/3', '2/4', '5', '6']);
  expect(numbersOf((await ask('show', ...both, '--last', '3')).out)).toEqual(['2/4', '5', '6']);
});

test('a number that was copied with the log counts, and not its place', async () => {
  const [third, second] = [await logWith([2], 3), await logWith([1], 2)];
  const { out } = await ask('show', '--dir', third, '--dir', second, '--dir', one);
  expect(numbersOf(out)).toEqual(['1', '2', '2/1', '2/2', '3/1', '3/2', '3', '4', '5', '6']);
});

test.each`
  named                         | says
  ${() => [one, one]}           | ${'are the same log'}
  ${() => [one, `${one}-gone`]} | ${'There is no directory'}
`('$says', async ({ named, says }: { named: () => string[]; says: string }) => {
  const args = named().flatMap((directory) => ['--dir', directory]);
  const { code, err } = await ask('verify', ...args);
  expect([code, err[0]]).toEqual([2, expect.stringContaining(says)]);
});

test('two logs that both are of gateway 2 do not belong together', async () => {
  const { code, err } = await ask('show', '--dir', await logWith([1], 2), '--dir', await logWith([2], 2));
  expect([code, err[0]]).toEqual([2, expect.stringContaining('are both of a gateway 2')]);
});

test.each(['convert --format jsonl', 'export --out x', 'prove --record 1', 'keys', 'checkpoint'])(
  '%s works on one log, and says so',
  async (words) => {
    const { code, err } = await ask(...words.split(' '), ...both);
    expect([code, err[0]]).toEqual([2, 'This works on one log: name one --dir, and its fallback directory with --also']);
  },
);

test('a search finds the records of all, page by page, nothing twice and nothing left out', async () => {
  const index = join(temporaryDirectory(), 'index');
  const search = (...more: string[]) => ask('search', ...both, '--index', index, ...more);
  expect(numbersOf((await search()).out)).toEqual(['5', '2/3', '3', '2/1', '1']);
  const seen: string[] = [];
  for (let before: string[] = []; ;) {
    const { out, err } = await search('--last', '2', ...before);
    seen.push(...numbersOf(out));
    const next = /--before (\S+)$/.exec(err[0] ?? '')?.[1];
    if (next === undefined) break;
    before = ['--before', next];
  }
  expect(seen).toEqual(['5', '2/3', '3', '2/1', '1']);
  const found = JSON.parse((await search('--request', 'r-4', '--json')).out[0] ?? '') as object;
  expect(found).toMatchObject({ sequence: 1_000_000_000_003, outcome: 1_000_000_000_004 });
  const { out } = await search('--hours', '--since', '2026-11-23', '--until', '2026-11-23T14:00', '--csv');
  expect(out).toEqual(['hour,event,decision,count,bytesOut', '2026-11-23T12:00:00.000Z,outcome,allowed,5,50']);
  expect(await search('--before', '1,2/1,3/1')).toMatchObject({ code: 2 });
});

test('the log of an EHR is explained by the records of all, and by those of one alone it is not', async () => {
  const file = join(temporaryDirectory(), 'access.log');
  const line = (at: number): string => `10.0.0.5 - - [23/Nov/2026:12:0${at}:00 +0000] "GET /list/${at} HTTP/1.1" 200 1\n`;
  writeFileSync(file, [1, 2, 3, 4].map(line).join(''));
  const all = await ask('reconcile', ...both, '--ehr-log', file, '--gateway', '10.0.0.5', '--tolerance', '10s');
  expect([all.code, all.out.at(-1)]).toEqual([0, 'Unexplained: 0']);
  const alone = await ask('reconcile', '--dir', one, '--ehr-log', file, '--gateway', '10.0.0.5', '--tolerance', '10s');
  expect([alone.code, alone.out.at(-1)]).toEqual([1, 'Unexplained: 2']);
  // A record that the log lacks is told by its number among all.
  writeFileSync(file, [1, 3, 5].map(line).join(''));
  const lacks = await ask('reconcile', ...both, '--ehr-log', file, '--gateway', '10.0.0.5', '--tolerance', '10s', '--csv');
  expect(lacks.out.slice(1).map((row) => row.split(',').at(-1))).toEqual(['record 2/1', 'record 2/3']);
});
