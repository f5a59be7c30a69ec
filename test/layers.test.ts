// The directions of the house, enforced by reading every import, and every rule shown to fail on a planted violation: a
// check that reports success on nothing protects nothing.

import { describe, expect, test } from 'vitest';
import { checkLayers, describeViolation, readSource, readTree } from './support/layers.ts';
import { layerRules } from './support/layer-rules.ts';

const root = new URL('..', import.meta.url).pathname;
const opening = '// What this file is for.\n';

interface Plant {
  readonly rule: string;
  readonly at: string;
  readonly source: string;
  /** What else must exist. */
  readonly beside?: Readonly<Record<string, string>>;
  readonly says: string;
}

function plant(rule: string, at: string, source: string, says: string, beside: Readonly<Record<string, string>> = {}): Plant {
  return { rule, at, source: opening + source, beside, says };
}

function violationsOf(files: Readonly<Record<string, string>>): readonly string[] {
  return checkLayers(new Map(Object.entries(files))).map((found) => `${found.rule}: ${found.message}`);
}

const longBody = '  work();\n'.repeat(49);
const ring = {
  'src/core/b.ts': `${opening}import { c } from './c.ts';\n`,
  'src/core/c.ts': `${opening}export { a } from './a.ts';\n`,
};

const planted: readonly Plant[] = [
  plant(
    'directions',
    'src/stages/load-session.ts',
    "import { x } from '../adapters/session-store-sqlite.ts';",
    'stages must not import adapters',
  ),
  plant(
    'directions',
    'src/stages/load-session.ts',
    "import type { X } from '../adapters/session-store-sqlite.ts';",
    'stages must not import adapters',
  ),
  plant('directions', 'src/core/policy/decide.ts', "import type { Clock } from '../../ports.ts';", 'core must not import ports'),
  plant('directions', 'src/core/policy/decide.ts', "import { load } from '../../config/load.ts';", 'core must not import config'),
  plant('directions', 'src/adapters/clock-system.ts', "export * from '../stages/forward.ts';", 'adapters must not import stages'),
  plant(
    'directions',
    'src/adapters/clock-system.ts',
    "const late = await import('../http/server.ts');",
    'adapters must not import http',
  ),
  plant('directions', 'src/sign-in/routes.ts', "import { load } from '../config/load.ts';", 'sign-in must not import config'),
  plant('directions', 'src/config/load.ts', "type P = import('../ports.ts').Clock;", 'config must not import ports'),
  plant(
    'directions',
    'src/http/server.ts',
    "new Worker(new URL('../adapters/audit-worker.ts', import.meta.url));",
    'http must not import adapters',
  ),
  plant(
    'directions',
    'src/stages/match-rule.ts',
    "import { fake } from '../../test/support/fake.ts';",
    'stages must not import test',
  ),
  plant('every-part-has-a-row', 'src/stuff/thing.ts', '', 'no row in mayImport'),
  plant('every-part-has-a-row', 'src/thing.ts', '', 'no row in mayImport'),
  plant(
    'contracts-are-types',
    'src/stages/forward.ts',
    "import { Upstream } from '../ports.ts';",
    'src/ports.ts may be imported with "import type" only',
  ),
  plant(
    'contracts-are-types',
    'src/sign-in/start.ts',
    "import { type Settings } from '../config/settings.ts';",
    'src/config/settings.ts may be imported with "import type" only',
  ),
  plant(
    'only-outer-parts-touch-the-world',
    'src/stages/match-rule.ts',
    "import { readFileSync } from 'fs';",
    'stages must not import node:fs',
  ),
  plant(
    'only-outer-parts-touch-the-world',
    'src/pages/layout.ts',
    "import { readFile } from 'node:fs/promises';",
    'pages must not import node:fs/promises',
  ),
  plant('only-outer-parts-touch-the-world', 'src/ehr/basic.ts', "import { Pool } from 'undici';", 'ehr must not import undici'),
  plant(
    'only-outer-parts-touch-the-world',
    'src/sign-in/start.ts',
    "import type { IncomingMessage } from 'node:http';",
    'sign-in must not import node:http',
  ),
  plant(
    'only-outer-parts-touch-the-world',
    'src/console/routes.ts',
    "const { Worker } = require('worker_threads');",
    'console must not import node:worker_threads',
  ),
  plant('inner-packages', 'src/stages/match-rule.ts', "import { z } from 'zod';", 'stages must not import the package zod'),
  plant('inner-packages', 'src/core/target/parse.ts', "import { parse } from 'yaml';", 'core must not import the package yaml'),
  plant(
    'inner-packages',
    'src/reply/meter.ts',
    "import x from '@scope/name/deep.js';",
    'reply must not import the package @scope/name',
  ),
  plant(
    'core-is-alone',
    'src/core/audit/chain.ts',
    "import { createHash } from 'node:crypto';",
    'core must not import node:crypto',
  ),
  plant('core-is-alone', 'src/core/audit/chain.ts', 'const now = Date.now();', 'core must not use "Date.now()"'),
  plant('core-is-alone', 'src/core/audit/chain.ts', 'const now = new Date();', 'core must not use "new Date()"'),
  plant('core-is-alone', 'src/core/audit/chain.ts', 'const luck = Math.random();', 'core must not use "Math.random()"'),
  plant('core-is-alone', 'src/core/audit/chain.ts', 'const size = process.memoryUsage();', 'core must not use "process"'),
  plant('core-is-alone', 'src/core/audit/chain.ts', 'setTimeout(work, 10);', 'core must not use "setTimeout"'),
  plant('core-is-alone', 'src/core/audit/chain.ts', "fetch('https://a.example');", 'core must not use "fetch"'),
  plant('core-is-alone', 'src/core/audit/chain.ts', 'const f = async () => { await work(); };', 'core must not use "await"'),
  plant('core-is-alone', 'src/core/audit/chain.ts', 'const text = `${Date.now()}`;', 'core must not use "Date.now()"'),
  plant('inner-parts-have-no-process', 'src/stages/forward.ts', 'const id = process.pid;', 'stages must not use "process"'),
  plant(
    'inner-parts-have-no-process',
    'src/ehr/basic.ts',
    "const reply = await fetch('https://a.example');",
    'ehr must not use "fetch"',
  ),
  plant(
    'environment-in-config-only',
    'src/adapters/log-pino.ts',
    'const level = process.env.LEVEL;',
    'only src/config reads the environment',
  ),
  plant(
    'environment-in-config-only',
    'src/cli/start.ts',
    "const level = process['env'].LEVEL;",
    'only src/config reads the environment',
  ),
  plant(
    'environment-in-config-only',
    'src/cli/start.ts',
    'const { argv, env } = process;',
    'only src/config reads the environment',
  ),
  plant(
    'environment-in-config-only',
    'src/http/server.ts',
    "import { env as surroundings } from 'node:process';",
    'only src/config reads the environment',
  ),
  plant(
    'entrances-are-not-imported',
    'src/http/server.ts',
    "import { compose } from '../compose.ts';",
    'only main and cli may import src/compose.ts',
  ),
  plant(
    'entrances-are-not-imported',
    'src/demo/start.ts',
    "import { main } from '../main.ts';",
    'only main and cli may import src/main.ts',
  ),
  plant(
    'entrances-are-not-imported',
    'src/cli/demo.ts',
    "import { fake } from '../../test/support/fake.ts';",
    'nothing in src may import test',
  ),
  plant(
    'one-way-to-the-ehr',
    'src/stages/sign-in-to-ehr.ts',
    "import type { Clock, Upstream } from '../ports.ts';",
    'only stages/forward.ts may see the upstream',
  ),
  plant(
    'one-way-to-the-ehr',
    'src/http/server.ts',
    "import { x } from '../adapters/upstream-undici.ts';",
    'only stages/forward.ts may see the upstream',
  ),
  plant(
    'imports-are-literal',
    'src/cli/main.ts',
    'const command = await import(`./${name}.ts`);',
    'an imported name must be a plain string',
  ),
  plant(
    'no-cycles',
    'src/core/a.ts',
    "import { b } from './b.ts';",
    'src/core/a.ts → src/core/b.ts → src/core/c.ts → src/core/a.ts',
    ring,
  ),
  plant('no-cycles', 'src/core/a.ts', "import './a.ts';", 'src/core/a.ts → src/core/a.ts'),
  plant('saying-names', 'src/http/utils.ts', '', '"utils" does not say what is in it'),
  plant('saying-names', 'src/core/common/parse.ts', '', '"common" does not say what is in it'),
  plant('saying-names', 'src/adapters/session-manager.ts', '', '"manager" does not say what is in it'),
  plant('kebab-names', 'src/http/clientAddress.ts', '', 'lower case with hyphens'),
  plant('no-barrels', 'src/core/index.ts', '', 'an index.ts is a barrel'),
  { rule: 'opens-with-a-comment', at: 'src/http/server.ts', source: 'export const a = 1;\n', says: 'must open with a comment' },
  plant('file-size', 'src/http/server.ts', 'work();\n'.repeat(300), '301 lines, at most 300'),
  plant(
    'function-size',
    'src/http/server.ts',
    `export function serve(): void {\n${longBody}}\n`,
    'function "serve" has 51 lines',
  ),
  plant(
    'function-size',
    'src/http/server.ts',
    `class Server {\n  #open(at: number): Map<string, { a: 1 }> {\n${longBody}}\n}\n`,
    'function "#open" has 51 lines',
  ),
  plant(
    'function-size',
    'src/http/server.ts',
    `export const serve = async (at: number): Promise<void> => {\n${longBody}};\n`,
    'has 51 lines',
  ),
  plant('function-size', 'src/http/server.ts', `export const page = () =>\n  html(\`${'\n'.repeat(60)}\`);\n`, 'has 62 lines'),
];

const allowed: readonly (readonly [what: string, at: string, source: string])[] = [
  [
    'a stage reads the contracts',
    'src/stages/forward.ts',
    "import type { Upstream } from '../ports.ts';\nimport { refuse } from '../core/answer.ts';",
  ],
  [
    'sign-in uses the express family and our pages',
    'src/sign-in/routes.ts',
    "import express from 'express';\nimport { layout } from '../pages/layout.ts';",
  ],
  ['a stage hashes with Node', 'src/stages/load-session.ts', "import { createHash } from 'node:crypto';"],
  ['an import in a comment', 'src/core/a.ts', "// import { x } from '../http/server.ts';\n/* Date.now() */"],
  ['an import in a string', 'src/core/a.ts', 'const text = "import { x } from \'../http/server.ts\'; Date.now()";'],
  ['an import in a template', 'src/core/a.ts', "const text = `import '../http/x.ts' ${name('`}`')} process.env`;"],
  ['a slash in a regular expression', 'src/core/a.ts', 'const quote = /[\'"`]/.test(text) ? 1 / 2 : 3;'],
  [
    'a member called fetch',
    'src/core/a.ts',
    'interface A { readonly fetch: number; process?: string }\nconst n = a.fetch + b?.process;',
  ],
  ['a date made from a number it was given', 'src/core/a.ts', 'const day = new Date(milliseconds).getUTCDay();'],
  ['the environment in config', 'src/config/environment.ts', 'export const level = process.env.LEVEL;'],
  ['an asset beside the code', 'src/adapters/assets.ts', "new URL('../pages/style.css', import.meta.url);"],
  ['a command loads the whole', 'src/cli/start.ts', "const { main } = await import('../main.ts');"],
  ['a function of fifty lines', 'src/http/server.ts', `export function serve(): void {\n${'  work();\n'.repeat(48)}}\n`],
  ['a file of three hundred lines', 'src/http/server.ts', 'work();\n'.repeat(299)],
  ['all words of one language', 'src/pages/languages/es.ts', 'work();\n'.repeat(400)],
];

describe('the house', () => {
  test('keeps its directions, its sizes and its names', () => {
    const files = readTree(root, 'src');
    expect(files.size).toBeGreaterThan(10);
    expect(checkLayers(files).map(describeViolation)).toEqual([]);
  });

  test('reads real imports, not nothing', () => {
    const links = [...readTree(root, 'src')].flatMap(([path, text]) => readSource(path, text).links);
    expect(links.filter((link) => link.kind === 'file').length).toBeGreaterThan(10);
  });
});

describe('a planted violation', () => {
  test.each(planted)('of $rule in $at is found: $says', ({ rule, at, source, beside, says }) => {
    const found = violationsOf({ ...beside, [at]: source });
    expect(found.filter((one) => one.startsWith(`${rule}: `)).join('\n')).toContain(says);
  });

  test('stands here for every rule', () => {
    expect([...new Set(planted.map((one) => one.rule))].sort()).toEqual(layerRules.map((rule) => rule.name).sort());
  });

  test('is told with the reason of its rule', () => {
    const [first] = checkLayers(new Map([['src/core/a.ts', `${opening}Date.now();\n`]]));
    expect(first && describeViolation(first)).toBe(
      'src/core/a.ts:2: core must not use "Date.now()" (core-is-alone: the core is handed its facts and the time, so the same input always gives the same decision)',
    );
  });
});

describe('what the house allows', () => {
  test.each(allowed)('%s', (_what, at, source) => {
    expect(violationsOf({ [at]: opening + source })).toEqual([]);
  });
});

test('a ring of types alone is allowed, because nothing of it is left at run time', () => {
  const one = `${opening}import type { B } from './b.ts';\n`;
  const other = `${opening}import type { A } from './a.ts';\n`;
  expect(violationsOf({ 'src/core/a.ts': one, 'src/core/b.ts': other })).toEqual([]);
});

describe('a source that cannot be followed', () => {
  test.each([
    ['an open string', "const a = 'b;\n"],
    ['an open comment', '/* never ends'],
    ['an open template', 'const a = `b ${c} d;'],
    ['a bracket without a partner', 'function f() { return (1; }'],
  ])('%s is an error, never a silent pass', (_what, source) => {
    expect(() => checkLayers(new Map([['src/core/a.ts', source]]))).toThrow(/^Cannot read src\/core\/a\.ts: /);
  });

  test('a folder that is missing is an error', () => {
    expect(() => readTree(root, 'no-such-folder')).toThrow('Cannot read "no-such-folder": there is no such folder');
  });
});
