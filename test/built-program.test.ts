// What `npm run build` makes: the same program in few files, with every thread that it starts.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rolldown } from 'rolldown';
import type { OutputChunk } from 'rolldown';
import built from '../rolldown.config.ts';
import { freePort } from '../src/demo/free-port.ts';
import { command } from './support/command.ts';
import { eventually } from './support/demo-story.ts';
import { writeSizedFiles } from '../bench/targets/sized-files.ts';

const root = resolve(import.meta.dirname, '..');
const directory = mkdtempSync(join(tmpdir(), 'wardgate-built-'));
const program = join(directory, 'dist/cli/main.js');
let chunks: readonly OutputChunk[] = [];

beforeAll(async () => {
  for (const name of ['config', 'node_modules', 'package.json']) symlinkSync(join(root, name), join(directory, name));
  const bundle = await rolldown({ ...built, cwd: root });
  const { output } = await bundle.write({ ...[built.output].flat()[0], dir: join(directory, 'dist/cli') });
  chunks = output.filter((one) => one.type === 'chunk');
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

test('every thread has an entry', () => {
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' });
  const threads = sources.filter((file) => file.endsWith('-worker.ts')).map((file) => basename(file, '.ts'));
  expect(threads.length).toBeGreaterThan(5);
  expect(Object.keys(built.input ?? {}).sort()).toEqual(['main', ...threads].sort());
});

/** Packages whose code is read before the first line of that file runs. */
function packagesAtStart(source: string): readonly string[] {
  const first = chunks.find((one) => one.facadeModuleId === join(root, source));
  if (first === undefined) throw new Error(`Nothing was built of ${source} alone`);
  const files = new Set([first.fileName]);
  const modules = new Set<string>();
  for (const file of files) {
    const chunk = chunks.find((one) => one.fileName === file);
    for (const id of chunk?.moduleIds ?? []) modules.add(/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(id)?.[1] ?? '');
    for (const next of chunk?.imports ?? []) files.add(next);
  }
  return [...modules];
}

const unneeded = ['pg', 'ioredis', 'nodemailer', '@simplewebauthn/server'];

test.each([
  { source: 'src/cli/start.ts', without: unneeded, but: 'undici' },
  { source: 'src/adapters/audit-index-worker.ts', without: [...unneeded, 'undici', 'zod'], but: '' },
  { source: 'src/adapters/audit-tree-worker.ts', without: [...unneeded, 'undici', 'zod'], but: '' },
  { source: 'src/adapters/audit-watch-worker.ts', without: [...unneeded, 'undici', 'zod'], but: '' },
  { source: 'src/adapters/state-db-worker.ts', without: [...unneeded, 'undici', 'zod'], but: '' },
])('$source starts without what few gateways need', ({ source, without, but }) => {
  const packages = packagesAtStart(source);
  expect(packages).toContain(but);
  expect(packages.filter((name) => without.includes(name))).toEqual([]);
});

test('it says what the sources say', () => {
  const said = (main: string, ...args: string[]): string => {
    const { stdout, stderr } = spawnSync(process.execPath, [main, ...args], { cwd: root, encoding: 'utf8' });
    return stdout + stderr;
  };
  for (const args of [['help'], ['check', '--config', 'config/gateway.yaml'], ['rules', 'unheard-of']]) {
    expect(said(program, ...args)).toBe(said(join(root, 'src/cli/main.ts'), ...args));
  }
  expect(readFileSync(program, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
});

test('it starts, with every thread, and stops', async () => {
  const place = join(directory, 'clinic');
  mkdirSync(place);
  const healthPort = await freePort();
  const file = writeSizedFiles(place, { upstream: 9, rules: 3, healthPort });
  const gateway = command(['start', '--config', file], { program });
  const answer = await eventually(async () => {
    const reply = await fetch(`http://127.0.0.1:${healthPort}/readyz`).catch(() => null);
    return reply?.text();
  }, 'an answer about its health');
  expect(answer).toMatch(
    /^not ready: the identity provider has not answered yet\nnotice: The access record is unanchored[^\n]*\n$/,
  );
  expect(await gateway.end()).toEqual({ code: 0, signal: null });
  expect(gateway.stderr()).toBe('');
});
