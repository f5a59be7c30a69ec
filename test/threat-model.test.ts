// Holds docs/threat-model.md to the tree: whatever it names as tested is there, every test of attacks is named, and every
// requirement it must answer has a row.

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';

const root = new URL('..', import.meta.url);
const page = readFileSync(new URL('docs/threat-model.md', root), 'utf8');

/** The requirements of ASVS 5.0 that concern a gateway. */
const requirements = `
  V3.3.1 V3.3.2 V3.3.3 V3.3.4 V3.5.1 V3.5.3 V3.5.8 V4.1.3 V4.1.4 V4.2.1 V4.2.2 V6.3.1 V6.3.3 V6.3.4 V6.3.8 V6.5.1 V6.5.2
  V6.5.3 V6.5.5 V6.5.8 V6.6.3 V6.8.1 V6.8.2 V6.8.4 V7.1.1 V7.1.2 V7.1.3 V7.2.1 V7.2.2 V7.2.3 V7.2.4 V7.3.1 V7.3.2 V7.4.1
  V7.4.2 V7.4.5 V7.5.1 V7.6.1 V7.6.2 V8.2.1 V8.3.1 V8.3.2 V8.4.2 V9.1.1 V9.1.2 V9.1.3 V9.2.1 V9.2.2 V9.2.3 V10.1.2 V10.2.1
  V10.2.2 V10.5.1 V10.5.2 V10.5.3 V10.5.4 V10.5.5 V11.5.1 V12.2.1 V12.3.2 V13.2.4 V13.2.5 V13.2.6 V13.4.4 V14.2.5 V14.3.2
  V15.3.2 V15.3.4 V15.3.6 V15.3.7 V15.4.2 V16.2.1 V16.2.2 V16.2.5 V16.3.1 V16.3.2 V16.3.3 V16.3.4 V16.4.1 V16.4.2 V16.4.3
  V16.5.2 V16.5.3 V16.5.4`.split(/\s+/).filter((id) => id !== ''); // prettier-ignore

test('every file and folder it names is there', () => {
  const named = [...page.matchAll(/`((?:test|src|docs|config)\/[\w./-]+)`/g)].map(([, path = '']) => path);
  expect(named.length).toBeGreaterThan(100);
  expect(named.filter((path) => !existsSync(new URL(path, root)))).toEqual([]);
  const decisions = [...page.matchAll(/\((decisions\/[\w.-]+)\)/g)].map(([, path = '']) => `docs/${path}`);
  expect(decisions.filter((path) => !existsSync(new URL(path, root)))).toEqual([]);
});

test('every requirement has exactly one row, with a test or a reason', () => {
  const rows = page.split('\n').filter((line) => /^\| V\d/.test(line));
  const answered = rows.flatMap((row) => row.split('|', 2)[1]?.trim().split(', ') ?? []);
  expect([...answered].sort()).toEqual([...requirements].sort());
  expect(rows.filter((row) => (row.split('|')[3] ?? '').trim().length < 10)).toEqual([]);
});

test.each(['test/oracle', 'test/fuzz'])('it names the tests of %s', (folder) => {
  const tests = readdirSync(new URL(folder, root)).filter((name) => name.endsWith('.test.ts'));
  expect(tests.length).toBeGreaterThan(0);
  expect(tests.filter((name) => !page.includes(`${folder}/${name}`) && !page.includes(`\`${folder}\``))).toEqual([]);
});
