// Which ids a request names, and how its address is written with tokens in their place.

import { expect, test } from 'vitest';
import { holdsId } from '../../../src/core/patients/holds-id.ts';
import { namedIds, unknownPath } from '../../../src/core/patients/named-ids.ts';
import type { IdFacts } from '../../../src/core/patients/named-ids.ts';
import { matchPattern } from '../../../src/core/policy/match-pattern.ts';
import { parsePattern } from '../../../src/core/policy/path-pattern.ts';
import type { Route } from '../../../src/core/policy/policy.ts';
import { redactTarget } from '../../../src/core/policy/redact.ts';
import { target } from '../policy/build-policy.ts';

const mark = (id: string): string => `<${id}>`;
const token = '~aaaqeayeaudaocajbifqydiob4';

interface Given {
  readonly pattern?: string;
  readonly route?: Partial<Route>;
  readonly record?: readonly string[];
  readonly patient?: string;
  readonly selects?: string;
}

/** As the facts of a request that a rule with this pattern belongs to. */
function factsOf(raw: string, { pattern = '/**', route = {}, record = [], patient, selects }: Given): IdFacts {
  const parsed = parsePattern(pattern);
  if ('problem' in parsed) throw new Error(parsed.problem);
  const captures = matchPattern(parsed, target(raw).segments, null);
  if (captures === null) throw new Error(`"${pattern}" does not match "${raw}"`);
  const whole = { pattern: parsed, patient: [], selects: null, category: null, ...route } as unknown as Route;
  return { rule: { recordQuery: record }, route: whole, captures, patient: patient ?? null, selects: selects ?? null };
}

const write = (raw: string, given: Given): string => redactTarget(target(raw), namedIds(factsOf(raw, given)), mark);
const inPath: Partial<Route> = { patient: [{ in: 'path', name: 'patient' }] };
const inQuery: Partial<Route> = { patient: [{ in: 'query', name: 'pid' }], selects: { in: 'query', name: 'set_pid' } };

test.each<readonly [what: string, raw: string, given: Given, line: string]>([
  ['the patient by name', '/chart/7/notes', { pattern: '/chart/{patient}/**', route: inPath, patient: '7' }, '/chart/<7>/notes'],
  ['the patient where it was refused', '/chart/007', { pattern: '/chart/{patient}', route: inPath }, '/chart/<007>'],
  ['an encoded id', '/chart/Zo%C3%AB%20R', { pattern: '/chart/{patient}', route: inPath }, '/chart/<Zoë R>'],
  ['the patient carried in the session', '/files/jane.doe/scan.pdf', { patient: 'jane.doe' }, '/files/<jane.doe>/scan.pdf'],
  ['the patient within a name', '/files/scan-jane.pdf', { patient: 'jane' }, '/files/<scan-jane.pdf>'],
  ['the one it selects', '/open/jane', { selects: 'jane' }, '/open/<jane>'],
  ['selects by path', '/open/jane', { pattern: '/open/{who}', route: { selects: { in: 'path', name: 'who' } } }, '/open/<jane>'],
  [
    'what a name captures stays',
    '/chart/7/note/12',
    { pattern: '/chart/{patient}/note/{note}', route: inPath },
    '/chart/<7>/note/12',
  ],
  [
    'what is identifying does not',
    '/chart/7/note/12',
    { pattern: '/chart/{patient}/note/{note}', route: { ...inPath, identifying: [{ in: 'path', name: 'note' }] } },
    '/chart/<7>/note/<12>',
  ],
  ['what the pattern spells stays', '/api/2024/list', { pattern: '/api/2024/**' }, '/api/2024/list'],
  ['what a star takes is judged by its looks', '/doc/4711/list', { pattern: '/doc/*/list' }, '/doc/<4711>/list'],
  ['what two stars take as well', '/doc/a/4711.pdf', { pattern: '/doc/**' }, '/doc/a/<4711.pdf>'],
  ['not among files of a program', '/js/app.4f3a2b1c.js', { route: { category: 'static' } }, '/js/app.4f3a2b1c.js'],
  ['a slash at the end', '/chart/7/', { pattern: '/chart/{patient}/**', route: inPath }, '/chart/<7>/'],
  ['a query that is not recorded', '/a?pid=7&x=8', { route: inQuery, patient: '7' }, '/a?pid=-&x=-'],
  ['a recorded field that holds the patient', '/a?pid=7&x=8', { route: inQuery, record: ['pid', 'x'] }, '/a?pid=<7>&x=8'],
  ['a recorded field that selects', '/a?set_pid=J+R', { route: inQuery, record: ['set_pid'] }, '/a?set_pid=<J R>'],
  ['a recorded field that says the same', '/a?x=jane&y=mary', { patient: 'jane', record: ['x', 'y'] }, '/a?x=<jane>&y=mary'],
  ['an identifying field', '/a?doc=4', { route: { identifying: [{ in: 'query', name: 'doc' }] }, record: ['doc'] }, '/a?doc=<4>'],
  ['an empty field', '/a?pid=&x', { route: inQuery, record: ['pid', 'x'] }, '/a?pid=&x'],
  ['a field that cannot be decoded', '/a?pid=%FF', { route: inQuery, record: ['pid'] }, '/a?pid=<%FF>'],
  ['a name that is an id', '/a?4711&%34711=1&x=1', {}, '/a?<4711>&<4711>=-&x=-'],
  ["somebody's token in the path", `/js/${token}`, { route: { category: 'static' } }, `/js/<${token}>`],
  ["somebody's token as a capture", `/a/${token}`, { pattern: '/a/{x}' }, `/a/<${token}>`],
  ["somebody's token in a recorded field", `/a?x=${token}`, { record: ['x'] }, `/a?x=<${token}>`],
  ['a tilde of a home page', '/~jane/a', {}, '/~jane/a'],
  ['a form that names the patient', '/a', { route: { patient: [{ in: 'form', name: 'pid' }, { in: 'session' }] } }, '/a'],
])('%s: %s', (_what, raw, given, line) => {
  expect(write(raw, given)).toBe(line);
});

test('where no rule knows the path, ids are told by their looks', () => {
  expect(namedIds({})).toBe(unknownPath);
  expect(namedIds({ rule: { recordQuery: [] } })).toBe(unknownPath);
  expect(redactTarget(target('/chart/4711/MRN-123/v2/a?pid=5'), unknownPath, mark)).toBe('/chart/<4711>/<MRN-123>/v2/a?pid=-');
});

test.each([
  ['7', '7', true],
  ['v7', '7', false],
  ['scan-4711.pdf', '4711', true],
  ['P4711', '4711', true],
  ['147112', '4711', false],
  ['14711 4711', '4711', true],
  ['xjanex-jane', 'jane', true],
  ['janet', 'jane', false],
  ['jane', 'janet', false],
])('%j holds %j: %s', (part, id, expected) => {
  expect(holdsId(part, id)).toBe(expected);
});
