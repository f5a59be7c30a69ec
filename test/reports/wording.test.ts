// No report says that anybody complies with anything: that is for people to judge, and a program that says it is believed.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = new URL('../..', import.meta.url).pathname;
const folders = ['src/reports', 'src/core/report', 'src/pages/report', 'src/cli/report', 'docs/reports.md'];

function texts(path: string): readonly (readonly [file: string, text: string])[] {
  if (/\.[a-z]+$/.test(path)) return [[path, readFileSync(join(root, path), 'utf8')]];
  return readdirSync(join(root, path)).flatMap((name) => texts(join(path, name)));
}

test.each(folders)('%s claims nothing of the kind', (folder) => {
  const found = texts(folder);
  expect(found.length).toBeGreaterThan(0);
  expect(
    found.filter(([, text]) => /\bcomplian|\bcertif(?:ied|ies)\b|\bcumpl(?:e|imiento)\b/i.test(text)).map(([file]) => file),
  ).toEqual([]);
});
