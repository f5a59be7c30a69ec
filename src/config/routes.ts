// Turns described paths into routes: patterns parsed, methods and conditions made plain, patient sources checked against
// the names that the pattern really captures.

import { parsePattern } from '../core/policy/path-pattern.ts';
import type { PathPattern } from '../core/policy/path-pattern.ts';
import type { FieldCondition, Method, PatientSource, Route } from '../core/policy/policy.ts';
import { withRoot } from './preset-root.ts';
import type { Reading } from './reading.ts';
import type { RouteKeys } from './route-schema.ts';
import type { KeyPath } from './yaml-source.ts';

type Fields = Readonly<Record<string, string | number | boolean>>;

/** The prefix under which the gateway serves its own pages; no rule reaches below it. */
export const reservedPrefix = '/.wardgate';

/**
 * One route for each path that could be read. `pathsAt` is where the list of paths stands, `keysAt` the keys beside it,
 * `root` what stands before every path of a preset.
 */
export function routesFrom(
  reading: Reading<unknown>,
  keysAt: KeyPath,
  pathsAt: KeyPath,
  paths: readonly string[],
  keys: RouteKeys,
  root = '',
): Route[] {
  const patterns = patternsFrom(reading, pathsAt, paths, root);
  const routes = patterns.map((pattern) => ({ ...emptyRoute, pattern }));
  return withKeys(reading, keysAt, routes, keys);
}

const regularExpression = /^\^|\.\*|\.\+|\$$|\\[dwsDWS]|\(\?|\[[^\]]*\]/;

export function patternsFrom(reading: Reading<unknown>, pathsAt: KeyPath, paths: readonly string[], root = ''): PathPattern[] {
  if (reading.isEmptyList(pathsAt)) reading.mistake(pathsAt, 'List of paths is empty');
  return paths.flatMap((text, index) => {
    const at = reading.entry(pathsAt, index);
    if (regularExpression.test(text)) {
      reading.mistake(
        at,
        `Path "${text}" is a regular expression; write {name} or * for one segment and ** for any number of them`,
      );
      return [];
    }
    if (text.includes('\\')) {
      const slashes = text.replaceAll('\\', '/').replace(/^\/*/, '/');
      reading.mistake(at, `Path "${text}" separates its parts with backslashes, write "${slashes}"`);
      return [];
    }
    const alone = parsePattern(text);
    const parsed = 'problem' in alone ? alone : parsePattern(withRoot(root, text));
    if ('problem' in parsed) {
      reading.mistake(at, parsed.problem);
      return [];
    }
    if (`${withRoot(root, text).toLowerCase()}/`.startsWith(`${reservedPrefix}/`)) {
      reading.mistake(at, `Path "${text}" is the gateway's own; name the area wardgate.console instead`);
      return [];
    }
    return [parsed];
  });
}

const emptyRoute = {
  methods: ['GET'],
  query: [],
  form: [],
  patient: [],
  selects: null,
  clearsSelection: false,
  category: null,
  action: null,
  passive: false,
  download: 'by-reply',
} satisfies Omit<Route, 'pattern'>;

/** The routes with what the keys say laid over them; conditions add up, everything else replaces. */
export function withKeys(reading: Reading<unknown>, at: KeyPath, routes: readonly Route[], keys: RouteKeys): Route[] {
  const query = conditions(reading, [...at, 'when', 'query'], keys.when?.query);
  const form = conditions(reading, [...at, 'when', 'form'], keys.when?.form);
  const methods = keys.methods === undefined ? null : [...new Set(keys.methods)];
  if (reading.isEmptyList([...at, 'methods'])) reading.mistake([...at, 'methods'], 'List of methods is empty');
  const patient = keys.patient?.map(patientSource) ?? null;
  const identifying = keys.identifying?.map(patientSource);
  const selects = keys.selectsPatient === undefined ? null : patientSource(keys.selectsPatient);
  checkSources(reading, at, routes, keys, selects);
  const merged = routes.map((route) => ({
    ...(route.area !== undefined && { area: route.area }),
    pattern: route.pattern,
    methods: methods ?? route.methods,
    query: [...route.query, ...query],
    form: [...route.form, ...form],
    patient: patient ?? route.patient,
    selects: selects ?? route.selects,
    clearsSelection: keys.clearsPatient ?? route.clearsSelection,
    category: keys.category ?? route.category,
    action: keys.action ?? route.action,
    passive: keys.passive ?? route.passive,
    download: keys.download ?? route.download,
    ...identifyingIn(identifying ?? route.identifying),
  }));
  if (form.length > 0 && merged.length > 0 && merged.every((route) => route.methods.every(hasNoForm))) {
    reading.mistake([...at, 'when', 'form'], 'Condition on form fields cannot be met by GET, add methods: [POST]');
  }
  return merged;
}

function identifyingIn(identifying: Route['identifying']): Pick<Route, 'identifying'> {
  return identifying === undefined ? {} : { identifying };
}

function hasNoForm(method: Method): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
}

/** `present`, `absent`, `=value` or the plain value, as it is written and not as YAML reads a number. */
export function conditions(reading: Reading<unknown>, at: KeyPath, fields: Fields | undefined): FieldCondition[] {
  return Object.entries(fields ?? {}).map(([name, expected]) => {
    if (expected === 'present' || expected === 'absent') return { name, expect: expected };
    const written = typeof expected === 'string' ? expected : reading.written([...at, name]);
    return { name, expect: { value: written.startsWith('=') ? written.slice(1) : written } };
  });
}

function patientSource(text: string): PatientSource {
  const dot = text.indexOf('.');
  const place = text.slice(0, dot);
  const name = text.slice(dot + 1);
  return place === 'path' || place === 'query' || place === 'form' ? { in: place, name } : { in: 'session' };
}

/** A source `path.x` must be captured by every pattern, or the audit would silently miss the patient. */
function checkSources(
  reading: Reading<unknown>,
  at: KeyPath,
  routes: readonly Route[],
  keys: RouteKeys,
  selects: PatientSource | null,
): void {
  const named = (keys.patient ?? []).map((text, index) => ({ text, path: reading.entry([...at, 'patient'], index) }));
  for (const [index, text] of (keys.identifying ?? []).entries())
    named.push({ text, path: reading.entry([...at, 'identifying'], index) });
  if (keys.selectsPatient !== undefined) named.push({ text: keys.selectsPatient, path: [...at, 'selectsPatient'] });
  if (selects?.in === 'session') {
    reading.mistake(
      [...at, 'selectsPatient'],
      'Key selectsPatient must say where the chosen patient stands, such as query.set_pid',
    );
  }
  for (const { text, path } of named) {
    const source = patientSource(text);
    if (source.in !== 'path') continue;
    const lacking = routes.find(({ pattern }) => !captures(pattern).includes(source.name));
    if (lacking === undefined) continue;
    const there = captures(lacking.pattern);
    const hint = there.length === 0 ? `write {${source.name}} where the id stands` : `it names {${there.join('}, {')}}`;
    reading.mistake(path, `Source ${text} has no {${source.name}} in the path "${lacking.pattern.source}"; ${hint}`);
  }
}

function captures(pattern: PathPattern): string[] {
  return pattern.segments.flatMap((segment) => (segment.kind === 'name' ? [segment.name] : []));
}
