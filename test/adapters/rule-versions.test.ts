// Applied versions and their notes: what is believed, what is not, and what a cut in the middle leaves.

import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, readdirSync, renameSync, statSync, symlinkSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs'; // prettier-ignore
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RuleAuthors } from '../../src/adapters/rule-authors.ts';
import { RuleVersions, ruleVersionsDirectory } from '../../src/adapters/rule-versions.ts';
import { pruneMasterKeys } from '../../src/adapters/prune-master-keys.ts';
import { readMasterKeys } from '../../src/adapters/master-keys.ts';
import { rotateMasterKey } from '../../src/adapters/rotate-master-key.ts';
import { FileSealer, createMasterKey } from '../../src/adapters/sealer-file.ts';
import { writeOwned } from '../../src/adapters/write-owned.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const rules = (text: string): Buffer => Buffer.from(`rules: ${text}\n`);
const by = { deed: 'applied', person: 'ada', reason: 'letters', approver: null, time: '2026-11-23T10:00:00.000Z' } as const;

function place() {
  const data = temporaryDirectory();
  const keyFile = join(data, 'master.key');
  createMasterKey(keyFile);
  const open = (): RuleVersions => new RuleVersions(data, new FileSealer(keyFile));
  const apply = (text: string, versions = open()) => {
    const version = versions.keep(rules(text));
    return versions.write({ ...by, version, previous: versions.newest()?.version ?? null });
  };
  return { data, keyFile, folder: ruleVersionsDirectory(data), open, apply };
}

test('versions and notes are read back, the newest last', () => {
  const { open, apply, folder } = place();
  const [one, two] = [apply('one'), apply('two')];
  const versions = open();
  expect(versions.notes()).toEqual([
    { sequence: 1, note: one },
    { sequence: 2, note: two },
  ]);
  expect(versions.newest()).toEqual(two);
  expect(two.previous).toBe(one.version);
  expect(versions.find(one.version.slice(0, 16))?.bytes).toEqual(rules('one'));
  for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
});

test('neither person nor reason stands there in the clear', () => {
  const { folder, apply } = place();
  apply('one');
  const text = readFileSync(join(folder, '000001.note'), 'utf8');
  expect(text).not.toMatch(/ada|letters/);
  expect(text).toMatch(/^v1\./);
});

test.each<[string, (folder: string) => void]>([
  ['written by hand', (folder) => writeFileSync(join(folder, '000003.note'), '{"person":"eve"}')],
  [
    'sealed with another key',
    (folder) => {
      const other = join(folder, 'other.key');
      createMasterKey(other);
      const note = { ...by, sequence: 3, person: 'eve', version: 'f'.repeat(64), previous: null };
      writeFileSync(join(folder, '000003.note'), new FileSealer(other).seal('rules-note', '3', JSON.stringify(note)));
    },
  ],
  ['an older one under a new number', (folder) => copyFileSync(join(folder, '000001.note'), join(folder, '000003.note'))],
  ['what the gateway has taken', (folder) => copyFileSync(join(folder, 'taken'), join(folder, '000003.note'))],
  ['nothing but noise', (folder) => writeFileSync(join(folder, '000003.note'), randomBytes(300))],
  ['empty', (folder) => writeFileSync(join(folder, '000003.note'), '')],
  ['a directory', (folder) => mkdirSync(join(folder, '000003.note'))],
  ['a link to nowhere', (folder) => symlinkSync('nowhere', join(folder, '000003.note'))],
])('a note is not believed that is %s', (_what, forge) => {
  const { open, apply, folder } = place();
  apply('one');
  const real = apply('two');
  open().take({ version: real.version, sequence: 2 });
  forge(folder);
  expect(open().newest()).toEqual(real);
  expect(open().notes().at(-1)).toEqual({ sequence: 3, note: null });
  // And the next real one does not take its place.
  expect(apply('three').sequence).toBe(4);
});

test('a note cut in half, and a version whose bytes were changed, are none', () => {
  const { open, apply, folder } = place();
  const [one, two] = [apply('one'), apply('two')];
  truncateSync(join(folder, '000002.note'), 40);
  writeFileSync(join(folder, `${two.version}.yaml`), rules('wider than anybody agreed to'));
  expect(open().newest()).toEqual(one);
  expect(open().find(two.version)).toBeNull();
  expect(open().keep(rules('two'))).toBe(two.version);
  expect(open().find(two.version)?.bytes).toEqual(rules('two'));
});

test('a version is kept while others are served as it is kept at once', async () => {
  const { open, apply, folder } = place();
  const one = apply('one');
  expect(await open().keepMeanwhile(rules('one'))).toBe(one.version);
  const fresh = await open().keepMeanwhile(rules('two'));
  expect(open().find(fresh)?.bytes).toEqual(rules('two'));
  writeFileSync(join(folder, `${fresh}.yaml`), rules('wider than anybody agreed to'));
  await open().keepMeanwhile(rules('two'));
  expect(open().find(fresh)?.bytes).toEqual(rules('two'));
  expect(statSync(join(folder, `${fresh}.yaml`)).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder).toSorted()).toEqual([`${one.version}.yaml`, `${fresh}.yaml`, '000001.note'].toSorted());
});

test('a prefix that several versions share names none', () => {
  const { open, apply } = place();
  apply('one');
  apply('two');
  expect(open().find('')).toBeNull();
  expect(open().find('../../etc/passwd')).toBeNull();
});

test('two commands at once do not write one note', () => {
  const { folder, open, apply } = place();
  apply('one');
  writeFileSync(join(folder, '000002.note'), 'the other one was quicker');
  const path = join(folder, '000002.note');
  expect(() => writeOwned(path, Buffer.from('mine'), folder, 'new')).toThrow(/another change is under way/);
  expect(readFileSync(path, 'utf8')).toBe('the other one was quicker');
  expect(open().notes()).toHaveLength(2);
});

test('what a power cut left beside is gone with the next write', () => {
  const { folder, apply } = place();
  apply('one');
  // The number of no process.
  writeFileSync(join(folder, '000002.note-4194999'), 'half');
  apply('two');
  expect(readdirSync(folder).filter((name) => name.includes('-'))).toEqual([]);
});

test('notes are read with every master key that is kept, and not with one that is gone', () => {
  const { keyFile, open, apply } = place();
  const note = apply('one');
  const [old] = readMasterKeys(keyFile).keys;
  rotateMasterKey(keyFile);
  expect(open().newest()).toEqual(note);
  pruneMasterKeys(keyFile, new Set([old?.id ?? '']));
  expect(open().newest()).toBeNull();
});

const noFault = (cause: unknown): never => {
  throw cause;
};

const at = { time: '2026-11-23T11:00:00.000Z' };

/** What the gateway would record of its rules now; null for nothing. */
function authored(versions: RuleVersions, ...files: string[]) {
  const authors = new RuleAuthors(versions, noFault);
  return files.map((text) => {
    const change = authors.changeTo(versions.keep(rules(text)), at);
    change?.taken();
    return change === null ? 'nothing' : (change.note.author?.person ?? 'not recorded');
  });
}

test('the author counts once, and for these very rules alone', () => {
  const { open, apply } = place();
  apply('one');
  // Put back by hand is by hand, although the note names these rules.
  expect(authored(open(), 'one', 'one', 'by hand', 'one')).toEqual(['ada', 'nothing', 'not recorded', 'not recorded']);
  apply('one');
  expect(authored(open(), 'one', 'one')).toEqual(['ada', 'nothing']);
  apply('two');
  expect(authored(open(), 'by hand')).toEqual(['not recorded']);
});

test('the first rules of all replace none; later ones are told at the next start', () => {
  const { open, apply, folder } = place();
  const versions = open();
  const begin = (text: string) => new RuleAuthors(open(), noFault).begin(versions.keep(rules(text)), at);
  expect(begin('first')).toBeNull();
  expect(begin('first')).toBeNull();
  expect(begin('by hand')?.note).toMatchObject({ author: null, before: versions.keep(rules('first')).slice(0, 16) });
  apply('applied while it was stopped');
  const change = begin('applied while it was stopped');
  expect(change?.note.author?.person).toBe('ada');
  change?.taken();
  expect(begin('applied while it was stopped')).toBeNull();
  unlinkSync(join(folder, 'taken'));
  expect(begin('applied while it was stopped')?.note).toMatchObject({ before: null, author: { person: 'ada' } });
  renameSync(folder, `${folder}-gone`);
  expect(begin('first')).toBeNull();
});
