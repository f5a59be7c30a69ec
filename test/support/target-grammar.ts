// Writes hostile targets around a page that is open and one that is not: separators, dots and tails in the spellings that
// some server, proxy or program has read as something else. Chance comes from a seed, so every run tries the same ones.

import fc from 'fast-check';
import { seeded } from './seeded.ts';

/** An open folder and a shut page, without their slashes: `public` and `admin/users`. */
export interface Ground {
  readonly open: string;
  readonly shut: string;
}

export const separators = ['/', '//', '\\', '%2f', '%5c', '%252f', ';', ';x=', '%3b', '%ef%bc%8f', '%c0%af', '%u2215', '%e2%88%95', '%c2%a5', '/./', '/;/', '%2F%2f']; // prettier-ignore
export const dots = ['.', '%2e', '%252e', '%c0%ae', '%u002e', '%2E', '%e0%80%ae', '%ef%bc%8e'];
export const tails = [
  '', '/', '.', '%20', '%09', '%00', '%0a', '%23', '?', ';', '.css', ';.css', '::$DATA', '~1', '/x.css', '/.', '/..', '%00.css',
  '%3f', '%3f.css', '?x=/..', '#', '..', '%2e', '%252e', '\\', '%5c', '/%2e', ':$i30', '%3a%3a$DATA', '%ad', '%0d%0aX:1', '%', '%zz',
]; // prettier-ignore

/** About `count` targets: every way to begin, every tail, and a draw from what lies between. */
export function hostileTargets(ground: Ground, count: number, seed: number): readonly string[] {
  const { open, shut } = ground;
  const pick = picker(seed);
  const found = new Set<string>();
  for (const separator of separators) {
    for (const tail of tails) found.add(`${separator}${shut}${tail}`);
    for (const dot of dots) found.add(`/${open}${separator}${dot}${dot}${separator}${shut}`);
  }
  while (found.size < count) {
    const climb = `/${open}${pick(separators)}${pick(dots)}${pick(dots)}${pick(separators)}${respell(shut, pick)}${pick(tails)}`;
    found.add(climb);
    found.add(`${pick(separators)}${respell(shut, pick)}${pick(tails)}`);
  }
  return [...found];
}

/** Any mixture of the pieces: what nobody thought of. */
export function composedTargets(ground: Ground, count: number, seed: number): readonly string[] {
  const names = [...ground.open.split('/'), ...ground.shut.split('/'), 'x'];
  const piece = fc.constantFrom(...names, ...names, '..', '.', ...separators, ...separators, ...dots, ...tails);
  const wild = fc.array(piece, { minLength: 2, maxLength: 9 }).map((pieces) => `/${pieces.join('')}`);
  // Mostly well-formed: names in plain or odd dress between single slashes, so that many pass and are judged by rule.
  const dressed = fc.constantFrom(
    ...names,
    ...names,
    ...names.map((name) => name.toUpperCase()),
    ...names.map(encodeFirst),
    'x.css',
    '%41b',
  );
  const tame = fc.tuple(
    fc.array(dressed, { minLength: 1, maxLength: 5 }),
    fc.constantFrom('', '', '/', '.css', '?x=1', '~1', ':a', '%3Aa', '%40'),
  );
  const target = fc.oneof(
    wild,
    tame.map(([segments, tail]) => `/${segments.join('/')}${tail}`),
  );
  return [...new Set(fc.sample(target, { numRuns: count, seed }))];
}

function encodeFirst(name: string): string {
  return `%${name.charCodeAt(0).toString(16)}${name.slice(1)}`;
}

/** The same name in another dress: a capital, an encoded letter, a short name, or as it is. */
function respell(path: string, pick: Pick): string {
  const at = 1 + (path.length % 5);
  const letter = path.charAt(at);
  const hex = path.charCodeAt(at).toString(16);
  return pick([
    path,
    path,
    path.toUpperCase(),
    path.slice(0, at) + letter.toUpperCase() + path.slice(at + 1),
    `${path.slice(0, at)}%${hex}${path.slice(at + 1)}`,
    `${path.slice(0, at)}%25${hex}${path.slice(at + 1)}`,
    path.replaceAll('/', pick(separators)),
    path.replaceAll(/([^/]{6})[^/]{3,}/g, '$1~1'),
    path.replaceAll('i', '%c4%b1'),
  ]);
}

type Pick = (from: readonly string[]) => string;

function picker(seed: number): Pick {
  const chance = seeded(seed);
  return (from) => from[Math.floor(chance() * from.length)] ?? '';
}
