// The rules of the house, as data: which part may know which, and what each may touch. Every rule carries its reason, and
// test/layers.test.ts shows each of them failing on a planted violation.

import type { Link, Source, Violation } from './layers.ts';
import { findCycles } from './import-cycles.ts';
import { sizeRules } from './layer-sizes.ts';

export interface LayerRule {
  readonly name: string;
  readonly reason: string;
  check(sources: readonly Source[]): readonly Omit<Violation, 'rule'>[];
}

/** Contracts: types that every part may read. */
const contracts = ['needs', 'ports', 'facts', 'pipeline', 'settings', 'core'];

/** The lists and what they stand on: they see contracts, never each other's neighbours. */
const stageLike = ['stages', 'reply', 'settle', 'sign-in', 'ehr', 'console', 'control'];

/** For each part, the parts it may import besides itself. `compose` alone knows both ports and adapters. */
export const mayImport: Readonly<Record<string, readonly string[]>> = {
  main: ['compose', 'http', 'config', ...contracts],
  compose: ['http', 'adapters', 'request-path', 'config', 'pages', ...stageLike, ...contracts],
  'request-path': ['stages', 'reply', 'settle', ...contracts],
  pipeline: ['ports', 'core'],
  ports: ['core', 'settings'],
  facts: ['ports', 'settings', 'core'],
  needs: ['stages', 'reply', 'settle', ...contracts],
  settings: ['core'],
  core: [],
  stages: contracts,
  reply: contracts,
  settle: contracts,
  ehr: contracts,
  pages: contracts,
  'sign-in': ['pages', ...contracts],
  console: ['pages', 'reports', ...contracts],
  control: contracts,
  reports: contracts,
  http: ['pages', ...contracts],
  adapters: ['ports', 'settings', 'core'],
  config: ['settings', 'core'],
  demo: ['settings', 'core'],
  simulate: ['core'],
  cli: [
    'main',
    'compose',
    'http',
    'adapters',
    'config',
    'demo',
    'simulate',
    'pages',
    'sign-in',
    'ehr',
    'reports',
    'request-path',
    ...contracts,
  ],
};

/** Single files that more than one part may see, each with what makes it shared. */
export const sharedFiles: Readonly<Record<string, string>> = {
  'src/reply/reply-step.ts': 'says what a reply step is: the edge runs them',
  'src/settle/settle-step.ts': 'says what a settle step is: the edge runs them',
  'src/sign-in/own-routes.ts': 'says which paths are ours: the edge asks before it hands a request over',
  'src/stages/describe-request.ts': 'attempt, refusal and outcome must name the same things',
};

/** Parts that decide or render and so reach the world through ports alone. */
const inner = [...stageLike, 'reports', 'simulate', 'core', 'pages', 'request-path', 'pipeline', 'ports', 'facts', 'needs'];

/** Parts that may hold files, sockets and processes. */
const outer = ['adapters', 'http', 'config', 'cli', 'demo', 'compose', 'main'];
const world = new Set(
  ['fs', 'fs/promises', 'net', 'tls', 'dgram', 'dns', 'dns/promises', 'http', 'https', 'http2', 'child_process', 'cluster']
    .concat(['worker_threads', 'sqlite', 'process', 'inspector', 'vm', 'repl'])
    .map((name) => `node:${name}`)
    .concat(['undici', 'http-proxy', 'ws', 'ioredis', 'nodemailer']),
);

/** The packages an inner part may use: they answer our own pages and compute, but hold no socket and no file. */
const packagesOf: Readonly<Record<string, readonly string[]>> = {
  'sign-in': ['express', 'express-session', 'helmet', 'otplib', 'uqr', 'jose', '@simplewebauthn/server'],
  console: ['express', 'express-session', 'helmet'],
  pages: ['uqr'],
};

type Found = Omit<Violation, 'rule'>;

function forEachLink(sources: readonly Source[], judge: (source: Source, link: Link) => string | null): Found[] {
  return sources.flatMap((source) =>
    source.links.flatMap((link) => {
      const message = judge(source, link);
      return message === null ? [] : [{ file: source.path, line: link.line, message }];
    }),
  );
}

function partOfTarget(sources: readonly Source[], link: Link): string | null {
  if (link.kind !== 'file') return null;
  if (link.target === 'src/config/settings.ts') return 'settings';
  const known = sources.find((source) => source.path === link.target);
  const segments = link.target.split('/');
  return known?.part ?? (segments[0] === 'src' ? (segments[1] ?? '').replace(/\.ts$/, '') : (segments[0] ?? ''));
}

const directions: LayerRule = {
  name: 'directions',
  reason: 'knowledge points inwards, so that a decision can be read and tested without the world around it',
  check: (sources) =>
    forEachLink(sources, (source, link) => {
      const to = partOfTarget(sources, link);
      if (to === null || source.part === null || to === source.part || link.target === 'package.json') return null;
      if (link.target in sharedFiles && (mayImport[source.part] ?? []).includes('ports')) return null;
      if (mayImport[source.part]?.includes(to) === true) return null;
      return `${source.part} must not import ${to} (${link.target})`;
    }),
};

const everyPartHasARow: LayerRule = {
  name: 'every-part-has-a-row',
  reason: 'a file that no row of the table names would escape every direction',
  check: (sources) =>
    sources
      .filter((source) => source.part === null || !(source.part in mayImport))
      .map((source) => ({ file: source.path, line: 1, message: 'no row in mayImport names this part of the house' })),
};

const contractsAreTypes: LayerRule = {
  name: 'contracts-are-types',
  reason: 'ports, facts and settings describe needs; code that runs there would be a hidden dependency of every part',
  check: (sources) =>
    forEachLink(sources, (_source, link) => {
      const to = partOfTarget(sources, link);
      if (to === null || !['needs', 'ports', 'facts', 'settings'].includes(to) || link.typeOnly) return null;
      return `${link.target} may be imported with "import type" only`;
    }),
};

const onlyOuterPartsTouchTheWorld: LayerRule = {
  name: 'only-outer-parts-touch-the-world',
  reason: 'files, sockets and processes stand behind ports, so that one adapter can replace another and tests need no mocks',
  check: (sources) =>
    forEachLink(sources, (source, link) => {
      if (source.part === null || outer.includes(source.part) || !world.has(link.target)) return null;
      return `${source.part} must not import ${link.target}; declare a port and let an adapter do it`;
    }),
};

const innerPackages: LayerRule = {
  name: 'inner-packages',
  reason: 'a package inside the decision path would bring its own input, output and surprises there',
  check: (sources) =>
    forEachLink(sources, (source, link) => {
      if (source.part === null || !inner.includes(source.part) || link.kind !== 'package' || world.has(link.target)) return null;
      if (packagesOf[source.part]?.includes(link.target) === true) return null;
      return `${source.part} must not import the package ${link.target}`;
    }),
};

const coreIsAlone: LayerRule = {
  name: 'core-is-alone',
  reason: 'the core is handed its facts and the time, so the same input always gives the same decision',
  check: (sources) => [
    ...forEachLink(sources, (source, link) =>
      source.part === 'core' && link.kind === 'node' ? `core must not import ${link.target}` : null,
    ),
    ...sources.filter((source) => source.part === 'core').flatMap(impureWords),
  ],
};

const impureGlobals = new Set(
  ['process', 'fetch', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'performance', 'crypto', 'console'].concat([
    'globalThis',
    'await',
  ]),
);

function impureWords(source: Source): Found[] {
  return source.tokens.flatMap((token, at) => {
    if (token.kind !== 'word' || isNameOnly(source, at)) return [];
    const next = wordsFrom(source, at, 4);
    const impure =
      impureGlobals.has(token.text) ||
      next.startsWith('Date . now') ||
      next === 'new Date ( )' ||
      (next.startsWith('Date (') && source.tokens[at - 1]?.text !== 'new') ||
      next.startsWith('Math . random');
    return impure ? [{ file: source.path, line: token.line, message: `core must not use "${impureName(token.text)}"` }] : [];
  });
}

function impureName(word: string): string {
  const names: Readonly<Record<string, string>> = { new: 'new Date()', Date: 'Date.now()', Math: 'Math.random()' };
  return names[word] ?? word;
}

function wordsFrom(source: Source, at: number, count: number): string {
  const tokens = source.tokens.slice(at, at + count);
  return tokens.map((token) => token.text).join(' ');
}

/** True where a word names a member or a key and so is not the global of that name. */
function isNameOnly(source: Source, at: number): boolean {
  const before = source.tokens[at - 1]?.text ?? ';';
  const after = source.tokens[at + 1]?.text ?? '';
  if (before === '.' || before === '?.') return true;
  return ['{', ',', ';', 'readonly'].includes(before) && [':', '?'].includes(after);
}

const innerPartsHaveNoProcess: LayerRule = {
  name: 'inner-parts-have-no-process',
  reason: 'what a decision depends on must be visible in its parameters, not in the process around it',
  check: (sources) =>
    sources
      .filter((source) => source.part !== 'core' && inner.includes(source.part ?? ''))
      .flatMap((source) =>
        source.tokens.flatMap((token, at) => {
          if (token.kind !== 'word' || !['process', 'fetch'].includes(token.text) || isNameOnly(source, at)) return [];
          return [{ file: source.path, line: token.line, message: `${source.part} must not use "${token.text}"` }];
        }),
      ),
};

const environmentInConfigOnly: LayerRule = {
  name: 'environment-in-config-only',
  reason: 'a setting that is read elsewhere is one that neither the schema nor "wardgate check" knows',
  check: (sources) => [
    ...sources.filter((source) => source.part !== 'config').flatMap(environmentReads),
    ...forEachLink(sources, (source, link) =>
      source.part !== 'config' && link.target === 'node:process' && link.names.includes('env')
        ? 'only src/config reads the environment'
        : null,
    ),
  ],
};

function environmentReads(source: Source): Found[] {
  return source.tokens.flatMap((token, at) => {
    const next = wordsFrom(source, at, 4);
    const reads = next.startsWith('process . env') || next.startsWith('process ?. env') || next.startsWith('process [ env');
    const takesApart = token.text === '}' && next.startsWith('} = process') && destructures(source, at, 'env');
    if (!reads && !takesApart) return [];
    return [{ file: source.path, line: token.line, message: 'only src/config reads the environment' }];
  });
}

/** True where the braces that close at `at` name `word`. */
function destructures(source: Source, at: number, word: string): boolean {
  for (let step = at - 1; step >= 0 && source.tokens[step]?.text !== '{'; step -= 1) {
    if (source.tokens[step]?.text === word) return true;
  }
  return false;
}

const entrancesAreNotImported: LayerRule = {
  name: 'entrances-are-not-imported',
  reason: 'main and compose wire everything; who imports them is wired to everything',
  check: (sources) =>
    forEachLink(sources, (source, link) => {
      const to = partOfTarget(sources, link);
      if ((to === 'main' || to === 'compose') && !['main', 'cli', to].includes(source.part ?? '')) {
        return `only main and cli may import ${link.target}`;
      }
      return to === 'test' || to === 'bench' ? `nothing in src may import ${to}` : null;
    }),
};

const oneWayToTheEhr: LayerRule = {
  name: 'one-way-to-the-ehr',
  reason: 'there is exactly one way to the EHR, the last stage of the list, and it demands permit and receipt',
  check: (sources) =>
    forEachLink(sources, (source, link) => {
      const mayHold = ['compose', 'request-path', 'needs', 'adapters', 'ports'].includes(source.part ?? '');
      if (mayHold || source.path === 'src/stages/forward.ts') return null;
      const isPort = link.target === 'src/ports.ts' && link.names.includes('Upstream');
      const isAdapter = link.target.startsWith('src/adapters/upstream-') && source.part !== 'cli';
      return isPort || isAdapter ? 'only stages/forward.ts may see the upstream' : null;
    }),
};

const importsAreLiteral: LayerRule = {
  name: 'imports-are-literal',
  reason: 'an import whose name is computed cannot be judged by reading',
  check: (sources) =>
    forEachLink(sources, (_source, link) => (link.kind === 'computed' ? 'an imported name must be a plain string' : null)),
};

const noCycles: LayerRule = {
  name: 'no-cycles',
  reason: 'files that need each other at run time can only be understood, tested and loaded together',
  check: findCycles,
};

/** All rules, in the order in which they are reported. */
export const layerRules: readonly LayerRule[] = [
  directions,
  everyPartHasARow,
  contractsAreTypes,
  onlyOuterPartsTouchTheWorld,
  innerPackages,
  coreIsAlone,
  innerPartsHaveNoProcess,
  environmentInConfigOnly,
  entrancesAreNotImported,
  oneWayToTheEhr,
  importsAreLiteral,
  noCycles,
  ...sizeRules,
];
