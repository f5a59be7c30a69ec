// `wardgate report` as it is typed: what it takes, and what it does not.

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { report } from '../../src/cli/report.ts';
import { reportKinds } from '../../src/reports/report-kinds.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

async function run(...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await report(args, { out: (line) => void out.push(line), err: (line) => void err.push(line) });
  return { code, out, err };
}

test('the kinds are listed, for people and for programs', async () => {
  const { code, out } = await run('list');
  expect([code, out.length]).toEqual([0, reportKinds.length]);
  const listed = JSON.parse((await run('list', '--json')).out.join('')) as { readonly name: string }[];
  expect(listed.map(({ name }) => name)).toEqual(reportKinds.map(({ name }) => name));
});

test('every kind has a name of its own that fits into an address', () => {
  const names = reportKinds.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => !/^[a-z-]+$/.test(name) || name === 'list')).toEqual([]);
});

describe('wrong usage', () => {
  test.each<[string[], string]>([
    [[], 'Name one kind of report'],
    [['monthly', 'patient'], 'Name one kind of report'],
    [['weekly'], 'There is no report "weekly"'],
    [['patient'], '"report patient" needs --patient'],
    [['person'], '"report person" needs --person'],
    [['monthly', '--patient', '7'], '"report monthly" knows no --patient'],
    [['person', '--person', 'ada', '--for-patient'], '--for-patient is for reports about one patient'],
    [['monthly', '--csv', '--json'], 'Ask for one form'],
    [['monthly', '--json', '--out', 'a.csv'], '--json and a file that ends in .csv do not fit'],
    [['monthly', '--section', 'sample'], '--section needs --csv'],
    [['monthly', '--nonsense'], "Unknown option '--nonsense'"],
  ])('%j: %s', async (args, says) => {
    const { code, out, err } = await run(...args);
    expect([code, out, err[0]]).toEqual([2, [], expect.stringContaining(says)]);
  });

  test('nothing is written over', async () => {
    const file = join(temporaryDirectory(), 'there.html');
    writeFileSync(file, 'here');
    const { code, err } = await run('monthly', '--out', file);
    expect([code, err[0]]).toEqual([2, expect.stringContaining('is there already')]);
    expect(existsSync(file)).toBe(true);
  });
});
