// Turns what the schema library finds into sentences: the value, the key it belongs to, what is wrong, what to write.
// Returns what has to be cut out of the file before the rest can be looked at again.

import type { z } from 'zod';
import { didYouMean, listed } from './did-you-mean.ts';
import { knownKeys } from './known-keys.ts';
import type { Findings } from './mistake.ts';
import { broken } from './yaml-plain.ts';
import type { KeyPath, YamlSource } from './yaml-source.ts';

export interface Subject {
  readonly schema: z.ZodType;
  readonly source: YamlSource;
  readonly rest: unknown;
  readonly inFile: (path: KeyPath) => KeyPath;
  readonly findings: Findings;
}

type Issue = z.core.$ZodIssue;

/** Unknown keys told of one mapping: with more of them it is another file altogether. */
const maxUnknownKeys = 50;

/** Reports one issue; the result are the paths to cut out, an empty path meaning that nothing is left. */
export function reportIssue(subject: Subject, issue: Issue, above: KeyPath = []): KeyPath[] {
  const path = [...above, ...issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))];
  const value = valueAt(subject.rest, path);
  if (value === broken) return [path];
  if (issue.code === 'unrecognized_keys') {
    const told = issue.keys.slice(0, maxUnknownKeys).map((key) => unknownKey(subject, path, key));
    return [...told, ...issue.keys.slice(maxUnknownKeys).map((key) => [...path, key])];
  }
  if (issue.code === 'invalid_union') return invalidUnion(subject, issue, path, value);
  if (value === undefined) return missingKey(subject, path);
  const place =
    issue.code === 'invalid_key' ? subject.source.keyPlace(subject.inFile(path)) : subject.source.place(subject.inFile(path));
  const { text, suggestion } =
    issue.code === 'invalid_key' ? invalidKey(subject, issue, path) : invalidValue(subject, issue, path, value);
  subject.findings.mistake(subject.source.file, place, text, suggestion);
  return [path];
}

function unknownKey(subject: Subject, path: KeyPath, key: string): KeyPath {
  const { source, inFile, findings, schema, rest } = subject;
  const whole = [...path, key];
  const known = knownKeys(schema, path);
  const place = source.keyPlace(inFile(whole));
  const where = nameOf(rest, path);
  if (/^(clientSecret|password|secret|key)$/.test(key) && known.some((name) => name.startsWith(key))) {
    findings.mistake(
      source.file,
      place,
      `Secret ${key}${where === '' ? '' : ` of ${where}`} must not stand in this file; write ${key}File: /run/secrets/… with the secret in that file, or ${key}Env: NAME`,
    );
    return whole;
  }
  const unitless = key.replace(/(Bytes|Seconds|TimeoutSeconds)$/, '');
  const nearest = known.find((name) => name.toLowerCase() === unitless.toLowerCase()) ?? didYouMean(key, known);
  const keys = nearest === undefined ? `; the keys here are ${known.join(', ')}` : '';
  findings.mistake(source.file, place, `Unknown key "${key}"${where === '' ? '' : ` in ${where}`}${keys}`, nearest);
  return whole;
}

function missingKey(subject: Subject, path: KeyPath): KeyPath[] {
  const holder = path.slice(0, -1);
  if (alreadyTold(subject, path)) return [holder];
  const where = nameOf(subject.rest, holder);
  const place = subject.source.place(subject.inFile(holder));
  const message = `Key "${path.at(-1)}" is missing${where === '' ? '' : ` in ${where}`}`;
  subject.findings.mistake(subject.source.file, place, message);
  return [holder];
}

/** True where the key was cut out because of another mistake, or stands there misspelt. */
function alreadyTold(subject: Subject, path: KeyPath): boolean {
  const original = valueAt(subject.source.value, subject.inFile(path.slice(0, -1)));
  if (typeof original !== 'object' || original === null) return false;
  if (Object.hasOwn(original, String(path.at(-1)))) return true;
  const known = knownKeys(subject.schema, path.slice(0, -1));
  return Object.keys(original).some((key) => !known.includes(key) && didYouMean(key, known) === path.at(-1));
}

interface Sentence {
  readonly text: string;
  readonly suggestion: string | undefined;
}

function invalidKey(
  subject: Subject,
  issue: z.core.$ZodIssueInvalidElement | z.core.$ZodIssueInvalidKey,
  path: KeyPath,
): Sentence {
  const where = nameOf(subject.rest, path.slice(0, -1));
  const why = issue.issues[0]?.message ?? 'is not accepted';
  return { text: `Name "${path.at(-1)}" in ${where} ${why}`, suggestion: undefined };
}

function invalidValue(subject: Subject, issue: Issue, path: KeyPath, value: unknown): Sentence {
  const where = nameOf(subject.rest, path);
  if (value === null) return { text: `Key "${path.at(-1)}" has no value${describedBy(issue)}`, suggestion: undefined };
  const shown = show(subject.source.written(subject.inFile(path)), value, path);
  const start = `Value ${shown} of ${where}`;
  if (issue.code === 'invalid_value') {
    const allowed = issue.values.map(String);
    return { text: `${start} must be ${listed(allowed)}`, suggestion: didYouMean(scalarText(value), allowed) };
  }
  return { text: `${start} ${predicate(issue, value)}`, suggestion: undefined };
}

function describedBy(issue: Issue): string {
  return issue.code === 'invalid_type' ? `, it must be ${nounOf(issue.expected)}` : '';
}

function predicate(issue: Issue, value: unknown): string {
  if (issue.code !== 'invalid_type') return issue.message;
  if (!issue.message.startsWith('Invalid input')) return issue.message;
  if (issue.expected === 'boolean' && typeof value === 'string') {
    const yes = /^(yes|on|y)$/i.test(value);
    return yes || /^(no|off|n)$/i.test(value) ? `is only text to YAML, write ${yes}` : 'must be true or false';
  }
  const pair = typeof value === 'string' ? /^([A-Za-z]+):([^\s/].*)$/.exec(value) : null;
  if (pair !== null) return `needs a space after the colon: ${pair[1]}: ${pair[2]}`;
  if (issue.expected === 'string' && typeof value !== 'object')
    return `must be text, put it into double quotes: "${scalarText(value)}"`;
  return `must be ${nounOf(issue.expected)}`;
}

function nounOf(expected: string): string {
  switch (expected) {
    case 'object':
    case 'record':
      return 'a mapping of "key: value"';
    case 'array':
      return 'a list, such as [a, b]';
    case 'string':
      return 'text';
    case 'boolean':
      return 'true or false';
    case 'int':
    case 'number':
      return 'a whole number';
    default:
      return `of type ${expected}`;
  }
}

/** Of several forms a value may take, the one it comes nearest to is the one its author meant. */
function invalidUnion(subject: Subject, issue: z.core.$ZodIssueInvalidUnion, path: KeyPath, value: unknown): KeyPath[] {
  const fitting = issue.errors.filter((issues) => !issues.some((inner) => inner.path.length === 0 && isOtherForm(inner, value)));
  const meant = fitting.toSorted((a, b) => a.length - b.length)[0];
  if (meant !== undefined && value !== undefined) {
    const unknown = meant.filter((inner) => inner.code === 'unrecognized_keys');
    const told = unknown.length > 0 ? unknown : meant;
    const cuts = told.flatMap((inner) => reportIssue(subject, inner, path));
    return unknown.length > 0 ? [path] : cuts;
  }
  if (value === undefined) return missingKey(subject, path);
  const where = nameOf(subject.rest, path);
  const literals = issue.errors.flat().flatMap((inner) => (inner.code === 'invalid_value' ? inner.values.map(String) : []));
  const nouns = issue.errors.flat().flatMap((inner) => (inner.code === 'invalid_type' ? [nounOf(inner.expected)] : []));
  const forms = [...new Set([...literals.map((word) => `"${word}"`), ...nouns])].join(' or ');
  const place = subject.source.place(subject.inFile(path));
  const shown =
    value === null
      ? `Key "${path.at(-1)}" has no value, it`
      : `Value ${show(subject.source.written(subject.inFile(path)), value, path)} of ${where}`;
  subject.findings.mistake(subject.source.file, place, `${shown} must be ${forms}`, didYouMean(scalarText(value), literals));
  return [path];
}

function isOtherForm(issue: z.core.$ZodIssue, value: unknown): boolean {
  if (issue.code === 'invalid_value') return true;
  if (issue.code !== 'invalid_type' && issue.code !== 'invalid_union') return false;
  if (issue.code === 'invalid_union') return typeof value !== 'object' || value === null;
  // A reader that answers a bare number itself is the form that was meant.
  return issue.message.startsWith('Invalid input');
}

/** The value as written, never a whole mapping, never anything that may be a secret. */
function show(written: string | null, value: unknown, path: KeyPath): string {
  if (String(path.at(-1)).endsWith('Env')) return '(not shown)';
  if (Array.isArray(value)) return '[…]';
  if (typeof value === 'object') return '{…}';
  const text = written ?? scalarText(value);
  return `"${text.length > 80 ? `${text.slice(0, 80)}…` : text}"`;
}

/** A scalar as text; what is no scalar only has to be recognised. */
function scalarText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** `lock.everywhere.after`, or `hours of rule "charts"` where the list's entry has a name. */
export function nameOf(rest: unknown, path: KeyPath): string {
  const index = path.findIndex((step) => typeof step === 'number');
  const entry = index === 1 ? valueAt(rest, path.slice(0, 2)) : undefined;
  const named = path[0] === 'rules' && typeof entry === 'object' && entry !== null && 'name' in entry ? entry.name : undefined;
  if (typeof named !== 'string') return dotted(path);
  const inside = dotted(path.slice(2));
  return inside === '' ? `rule "${named}"` : `${inside} of rule "${named}"`;
}

function dotted(path: KeyPath): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step + 1}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
}

export function valueAt(value: unknown, path: KeyPath): unknown {
  return path.reduce<unknown>((holder, step) => {
    if (typeof holder !== 'object' || holder === null || !Object.hasOwn(holder, step)) return undefined;
    return (holder as Record<string | number, unknown>)[step];
  }, value);
}
