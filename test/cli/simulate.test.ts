// `wardgate simulate`: what it writes is the same for the same seed, is not written over, and can be imported.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { simulateCommand } from '../../src/cli/simulate.ts';
import { scenarios } from '../../src/simulate/simulated-clinic.ts';

const directory = mkdtempSync(join(tmpdir(), 'simulate-'));
afterAll(() => rmSync(directory, { recursive: true }));

async function simulate(...args: string[]) {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await simulateCommand(args, { out: (line) => out.push(line), err: (line) => err.push(line) });
  return { code, out, err };
}

it('writes record, labels and four lists, and nothing over them', { timeout: 120_000 }, async () => {
  const to = join(directory, 'clinic');
  const { code, out } = await simulate('--to', to, '--seed', '7');
  expect([code, out.length]).toEqual([0, 6]);
  const read = (name: string) => readFileSync(join(to, name), 'utf8').trimEnd().split('\n');
  const record = read('record.jsonl').map((line): Record<string, unknown> => JSON.parse(line));
  expect(record[0]).toMatchObject({ seq: 1, event: expect.any(String), time: expect.stringMatching(/^2026-/) });
  expect(record.find(({ event }) => event === 'chart-opened')).toMatchObject({ patient: expect.stringMatching(/^\d+$/) });
  const labels = read('labels.jsonl').map((line): { scenario: string } => JSON.parse(line));
  expect(new Set(labels.map(({ scenario }) => scenario))).toEqual(new Set(Object.keys(scenarios)));
  expect(read('appointments.csv')[1]).toMatch(/^\d+,2026-06-\d\d \d\d:\d\d,physician-\d+,\w+$/);
  expect(read('staff.csv')[1]).toMatch(/^physician-0,.+,physician,\w+,\d+,Street \d+,2026-06-01 \d\d:00,2026-06-01 \d\d:00,,$/);
  expect(
    read('staff.csv')
      .slice(1)
      .find((line) => !line.endsWith(',,')),
  ).toMatch(/,2026-\d\d-\d\d,2026-\d\d-\d\d$/);
  expect(read('demographics.csv')[1]).toMatch(/^0,Given0 \w+,Street \d+$/);
  expect(read('confidential.csv')).toHaveLength(21);
  expect(await simulate('--to', to)).toMatchObject({ code: 1, err: [expect.stringContaining('record.jsonl')] });
});

it.each([
  [[], '--to DIRECTORY'],
  [['--to', 'x', '--seed', 'abc'], '"abc"'],
])('tells how it is used: %j', async (args, words) => {
  const { code, err } = await simulate(...args);
  expect([code, err.join('\n')]).toEqual([2, expect.stringContaining(words)]);
});
