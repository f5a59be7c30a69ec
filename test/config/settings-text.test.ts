// What is kept of gateway.yaml: every value in a line of its own, and nothing that somebody could use.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { settingsText, withMachinesOf } from '../../src/config/settings-text.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const none = new Map();

test('lines stand in the order of their names, whatever order the file has', async () => {
  const said = { zones: { clinic: ['10.0.0.0/8', '::1'] }, audit: { keep: '6y', anchors: [{ path: '/mnt/a' }, { path: '/mnt/b' }] }, port: 8080 }; // prettier-ignore
  expect(await settingsText(said, none)).toBe(
    'audit.anchors.1.path: /mnt/a\naudit.anchors.2.path: /mnt/b\naudit.keep: 6y\nport: 8080\nzones.clinic: [10.0.0.0/8, ::1]\n',
  );
  const { zones, ...rest } = said;
  expect(await settingsText({ ...rest, zones }, none)).toBe(await settingsText(said, none));
});

test('what may be a secret is left out, and a value cannot pass for another line', async () => {
  const text = await settingsText(
    {
      a: { headers: { 'x-api-key': 'hunter2' } },
      signIn: { clientSecret: 'hunter2' },
      name: 'x\nmode: observe',
      on: true,
      no: null,
    },
    none,
  );
  expect(text).not.toContain('hunter2');
  expect(text).toContain('a.headers: (not kept)');
  expect(text).toContain(String.raw`name: "x\nmode: observe"`);
  expect(text).toContain('on: true');
});

test('a preset that holds something else makes another version', async () => {
  const preset = join(temporaryDirectory(), 'ehr.yaml');
  const applications = new Map([['ehr', { preset }], ['pacs', { preset: null }]]); // prettier-ignore
  const texts: string[] = [];
  for (const content of ['one', 'two']) {
    writeFileSync(preset, content);
    texts.push(await settingsText({}, applications));
  }
  expect(texts[0]).toMatch(/^applications\.ehr\.preset holds [0-9a-f]{16}\n$/);
  expect(texts[1]).not.toBe(texts[0]);
});

test('only the machines come from what was read again', () => {
  const start = 'lock.x: 1\nmachines.lab.from: a\nzones.z: 1\n';
  expect(withMachinesOf(start, 'lock.x: 2\nmachines.lab.from: b\nmachines.new.from: c\n')).toBe(
    'lock.x: 1\nmachines.lab.from: b\nmachines.new.from: c\nzones.z: 1\n',
  );
  expect(withMachinesOf(start, start)).toBe(start);
});
