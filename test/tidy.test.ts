// Keeps the documents true: what they name must exist, and what exists must be named. A document that nobody holds to the
// code is wrong within a month, and here people rely on it while something is on fire.

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { check } from '../src/cli/check.ts';
import { faults } from '../src/core/faults.ts';
import { reasons } from '../src/core/reasons.ts';
import type { Needs } from '../src/needs.ts';
import { replyList, requestPath, settleList } from '../src/request-path.ts';
import { documentedKeys, schemaKeys } from './support/config-keys.ts';

const root = new URL('..', import.meta.url).pathname;

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

function filesIn(folder: string, ending: string): readonly string[] {
  const names = readdirSync(join(root, folder)).filter((name) => name.endsWith(ending));
  expect(names.length).toBeGreaterThan(0);
  return names.sort().map((name) => join(folder, name));
}

const notKept = new Set(['.git', 'node_modules', 'dist', 'coverage', 'data']);

/** Every file of the checkout, apart from what is built, installed or written while running. */
function keptFiles(folder = ''): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (notKept.has(entry.name) && (folder === '' || entry.isDirectory())) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? keptFiles(path) : [path];
  });
}

/** Reads nothing: making the lists must not touch what they will need. */
const unread = new Proxy({}, { get: (_target, name) => (name === 'limits' ? {} : () => undefined) }) as unknown as Needs;

interface Locked {
  readonly resolved?: string;
  readonly integrity?: string;
  readonly inBundle?: boolean;
}

describe('ARCHITECTURE.md', () => {
  test('tells the lists in their order, and nothing else', () => {
    const rows = [...read('ARCHITECTURE.md').matchAll(/^\| `([a-z0-9-]+)` \|/gm)].map((row) => row[1]);
    const names = [
      ...requestPath(unread).names,
      ...replyList(unread).map(({ name }) => name),
      ...settleList(unread).map(({ name }) => name),
    ];
    expect(rows).toEqual(names);
  });
});

describe('docs/errors.md', () => {
  const headings = [...read('docs/errors.md').matchAll(/^### `([a-z-]+)` \((\d+)\)\n\n(.+)\.\n\n([^#]*)/gm)];

  test('has a heading for every refusal and every fault, with its status, and no other', () => {
    const told = headings.map(([, code, status]) => `${code} ${status}`);
    const real = Object.entries({ ...reasons, ...faults }).map(([code, { status }]) => `${code} ${status}`);
    expect(told.sort()).toEqual(real.sort());
    expect([...read('docs/errors.md').matchAll(/^### /gm)].length).toBe(headings.length);
  });

  test('gives the title people read, and says what it means, what is seen and what to do', () => {
    const titles = new Map(Object.entries({ ...reasons, ...faults }).map(([code, { title }]) => [code, title]));
    for (const [, code = '', , title, body = ''] of headings) {
      expect(title, code).toBe(titles.get(code));
      expect(body.split('\n').filter((line) => /^- \*\*(?:Means|Person sees|IT does):\*\* \S/.test(line)).length, code).toBe(3);
    }
  });
});

describe('a decision record', () => {
  const records = filesIn('docs/decisions', '.md');

  test.each(records)('%s has its number, title and four parts', (file) => {
    const text = read(file);
    const number = /\/(\d{4})-[a-z0-9-]+\.md$/.exec(file)?.[1];
    expect(text).toMatch(new RegExp(`^# ${number} \\S`));
    const parts = [...text.matchAll(/^## (.+)\n\n(\S)/gm)].map((part) => part[1]);
    expect(parts).toEqual(['Status', 'Context', 'Decision', 'Consequences']);
  });

  test('has a number of its own, without gaps', () => {
    expect(records.map((file) => Number(/(\d{4})-/.exec(file)?.[1]))).toEqual(records.map((_file, index) => index + 1));
  });
});

describe('the configuration files', () => {
  const shown = [...filesIn('config', '.yaml'), ...filesIn('config/presets', '.yaml')].map(read).join('\n');

  test.each(filesIn('config/schema', '.json'))('show every key of %s, in use or in a comment', (file) => {
    const keys = schemaKeys(JSON.parse(read(file)));
    expect(keys.length).toBeGreaterThan(5);
    const documented = documentedKeys(shown);
    expect(keys.filter((key) => !documented.has(key))).toEqual([]);
  });

  test('pass the check that guards a start, rules and their own tests included', async () => {
    expect(await check(['--config', join(root, 'config/gateway.yaml')])).toBe(0);
  });
});

describe('package.json', () => {
  const manifest = JSON.parse(read('package.json')) as Record<string, Record<string, string>>;

  test.each(['dependencies', 'devDependencies', 'optionalDependencies', 'overrides'])('pins %s exactly', (group) => {
    const loose = Object.entries(manifest[group] ?? {}).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version));
    expect(loose).toEqual([]);
  });

  test('pins one Node for every platform, and the image has the same', () => {
    const versions = new Set(Object.values(manifest.optionalDependencies ?? {}));
    expect([...versions]).toEqual([/^ARG NODE=(.+)$/m.exec(read('Dockerfile'))?.[1]]);
  });
});

describe('a document', () => {
  const documents = keptFiles().filter((name) => name.endsWith('.md'));

  test.each(documents)('%s links to files that exist', (file) => {
    const links = [...read(file).matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)].map((link) => join(file, '..', link[1] ?? ''));
    expect(links.filter((link) => !existsSync(join(root, link)))).toEqual([]);
  });

  test('docs/threat-model.md names tests that exist', () => {
    const named = [...new Set([...read('docs/threat-model.md').matchAll(/`(test\/[a-z0-9./-]+)`/g)].map((one) => one[1] ?? ''))];
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((path) => !hasTests(join(root, path)))).toEqual([]);
  });
});

function hasTests(path: string): boolean {
  if (!existsSync(path)) return false;
  return (
    path.endsWith('.ts') || readdirSync(path, { recursive: true, encoding: 'utf8' }).some((name) => name.endsWith('.test.ts'))
  );
}

describe('no kept file', () => {
  // Split, so that this file does not name what it looks for.
  const hosts = ['registry', 'deb', 'pypi', 'proxy'].map((name) => `${name}\\.[a-z0-9-]+\\.(?:org|com|net|io)\\b`);
  const folders = ['root', 'home', 'work', 'Users'].map((name) => `(?<![\\w.~-])/${name}/`);
  const told = new RegExp([...hosts, ...folders].join('|'));
  const text = /\.(?:ts|md|json|ya?ml|tpl|go|mod|css|js)$|(?:^|\/)(?:Dockerfile|run|LICENSE|\.npmrc)$/;

  test('names a path of one machine or the host of a package registry', () => {
    const found = keptFiles()
      .filter((name) => text.test(name) && name !== 'package-lock.json')
      .flatMap((name) => {
        const line = read(name)
          .split('\n')
          .findIndex((one) => told.test(one));
        return line === -1 ? [] : [`${name}:${line + 1}`];
      });
    expect(found).toEqual([]);
  });

  test('names the registry of whoever made the lockfile', () => {
    const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> };
    // What a package brings in its own archive stands under that archive's hash.
    const installed = Object.entries(lock.packages).filter(([path, { inBundle }]) => path !== '' && inBundle !== true);
    expect(installed.length).toBeGreaterThan(50);
    expect(
      installed.filter(([, one]) => one.resolved !== undefined || one.integrity === undefined).map(([path]) => path),
    ).toEqual([]);
  });
});
