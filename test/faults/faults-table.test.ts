// Holds docs/faults.md to the tests: each file it names is there, and each title stands in it.

import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const root = new URL('../../', import.meta.url);
const page = readFileSync(new URL('docs/faults.md', root), 'utf8');
const rows = page.split('\n').filter((line) => line.startsWith('|') && !/^\|(?:-|\s*fault)/.test(line));

test('each fault is shown by tests that exist', () => {
  expect(rows.length).toBeGreaterThan(20);
  const wrong = rows.flatMap((row) => {
    const [, fault = '', , shown = ''] = row.split('|').map((cell) => cell.trim());
    const named = [...shown.matchAll(/`(test\/[\w./-]+)`((?:,? "[^"]+")+)/g)];
    const missing = named.flatMap(([, file = '', titles = '']) => {
      if (!existsSync(new URL(file, root))) return [`${fault}: there is no ${file}`];
      const text = readFileSync(new URL(file, root), 'utf8');
      const said = [...titles.matchAll(/"([^"]+)"/g)].map(([, title = '']) => title);
      return said.filter((title) => !text.includes(title)).map((title) => `${fault}: no "${title}" in ${file}`);
    });
    return named.length === 0 ? [`${fault}: no test`] : missing;
  });
  expect(wrong).toEqual([]);
});
