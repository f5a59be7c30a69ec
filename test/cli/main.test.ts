// The command itself: what it lists, and what it says to a word it does not know.

import { expect, test } from 'vitest';
import { command } from '../support/command.ts';

async function run(...args: string[]) {
  const ran = command(args);
  const { code } = await ran.ended;
  return { code, out: ran.stdout(), err: ran.stderr() };
}

test('--help lists every command on standard output', async () => {
  const { code, out, err } = await run('--help');
  expect([code, err]).toEqual([0, '']);
  for (const name of ['start', 'demo', 'check', 'explain', 'audit', 'ehr', 'vault', 'keys', 'schema'])
    expect(out).toMatch(new RegExp(`^ {2}${name} +\\S`, 'm'));
});

test('a word it does not know exits 2 with the list on standard error', async () => {
  const { code, out, err } = await run('valut', 'list');
  expect([code, out]).toEqual([2, '']);
  expect(err).toContain('Unknown command "valut"');
  expect(err).toContain('  vault    ');
});
