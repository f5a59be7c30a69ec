// Turns what the schema library finds into sentences: the value, the key it belongs to, what is wrong, what to write.
// Returns what has to be cut out of the file before the rest can be looked at again.

import type { z } from 'zod';
import { didYouMean, listed } from './did-you-mean.ts';
import { knownKeys } from './known-keys.ts';
import { meantName } from './meant-name.ts';
import { misplacedKey, standsElsewhere } from './misplaced-key.ts';
import type { Findings } from './mistake.ts';
import { keyHints, valueHints } from './value-hints.ts';
import { otherWord } from './other-words.ts';
import { nounOf, wrongForm } from './wrong-form.ts';
import type { WrongForm } from './wrong-form.ts';
import { broken } from './yaml-plain.ts';
import { wordFor } from './yes-or-no.ts';
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
  if (slipped(subject, issue, path, value)) return [path];
  if (issue.code === 'unrecognized_keys') {
    const told = issue.keys.slice(0, maxUnknownKeys).map((key) => unknownKey(subject, path, key));
    return [...told, ...issue.keys.slice(maxUnknownKeys).map((key) => [...path, key])];
  }
  if (issue.code === 'invalid_union') return invalidUnion(subject, issue, path, value);
  if (value === undefined) return missingKey(subject, path);
  if (issue.code === 'invalid_key') invalidKey(subject, issue, path);
  else invalidValue(subject, issue, path, value);
  return [path];
}

function unknownKey(subject: Subject, path: KeyPath, key: string): KeyPath {
  const { source, inFile, findings, schema, rest } = subject;
  const whole = [...path, key];
  const known = knownKeys(schema, path);
  const place = source.keyPlace(inFile(whole));
  const where = nameOf(rest, path);
  const isSecret = /^(clientSecret|password|secret|key|authorization)$/.test(key);
  // A variable in its place has been told of, with the key to write.
  if (isSecret && valueAt(rest, whole) === broken) return whole;
  if (isSecret && known.some((name) => name.startsWith(key))) {
    const text = `Secret ${key}${where === '' ? '' : ` of ${where}`} must not stand in this file; write ${key}File: /run/secrets/… with the secret in that file, or ${key}Env: NAME`;
    findings.mistake(source.file, place, text);
    return whole;
  }
  const misplaced = misplacedKey(schema, source, inFile(whole));
  if (misplaced !== null) {
    findings.mistake(source.file, place, misplaced.text, misplaced);
    return whole;
  }
  const plainly = plainKey(key);
  const unitless = plainly.replace(/(Bytes|Seconds|TimeoutSeconds)$/, '');
  const nearest = known.find((name) => name.toLowerCase() === unitless.toLowerCase()) ?? didYouMean(plainly, known);
  const keys = nearest === undefined ? (otherKey(key, known) ?? `; the keys here are ${known.join(', ')}`) : '';
  const text = `Unknown key "${key}"${where === '' ? '' : ` in ${where}`}${keys}`;
  findings.mistake(source.file, place, text, keyHints(source, inFile(whole), text, nearest));
  return whole;
}

/** A key that other products have, and that cannot be one here. */
function otherKey(key: string, known: readonly string[]): string | null {
  if (!known.includes('allow') || !/^(deny|denied|block|refuse|disallow|except)$/i.test(key)) return null;
  return '; rules only say who may: name those under allow, everybody else is refused, and what nobody may stands under denyAlways';
}

/** `front_desk`, `front–desk` and `front desk` are one name to people. */
function plainKey(key: string): string {
  return key.replace(/[\u2010-\u2015\u2212]/g, '-');
}

/** A key that stands where names of one's own are expected, and reads as one of them. */
function slipped(subject: Subject, issue: Issue, path: KeyPath, value: unknown): boolean {
  const { schema, source, inFile, findings } = subject;
  const key = path.at(-1);
  if (typeof key !== 'string' || value === undefined || !mayHaveSlipped(schema, issue, path, value)) return false;
  if (knownKeys(schema, path.slice(0, -1)).includes(key)) return false;
  const misplaced = misplacedKey(schema, source, inFile(path));
  if (misplaced === null) return false;
  findings.mistake(source.file, source.keyPlace(inFile(path)), misplaced.text, misplaced);
  return true;
}

function mayHaveSlipped(schema: z.ZodType, issue: Issue, path: KeyPath, value: unknown): boolean {
  const key = String(path.at(-1));
  // A whole section within another: what is not known in it here is known in it there.
  if (issue.code === 'unrecognized_keys') return issue.keys.every((name) => knownKeys(schema, [key]).includes(name));
  const below = knownKeys(schema, path).includes(key);
  if (issue.code === 'invalid_key') return below;
  return below && typeof value !== 'object' && (issue.code === 'invalid_type' || issue.code === 'invalid_union');
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

/** True where the key was cut out because of another mistake, stands there misspelt, or stands somewhere else. */
function alreadyTold(subject: Subject, path: KeyPath): boolean {
  const { schema, source, inFile } = subject;
  const original = valueAt(source.value, inFile(path.slice(0, -1)));
  if (typeof original !== 'object' || original === null) return false;
  if (Object.hasOwn(original, String(path.at(-1)))) return true;
  if (standsElsewhere(schema, source.value, inFile(path))) return true;
  const known = knownKeys(schema, path.slice(0, -1));
  return Object.keys(original).some((key) => !known.includes(key) && didYouMean(key, known) === path.at(-1));
}

function invalidKey(subject: Subject, issue: z.core.$ZodIssueInvalidElement | z.core.$ZodIssueInvalidKey, path: KeyPath): void {
  const { source, inFile, findings, rest } = subject;
  const name = String(path.at(-1));
  const why = issue.issues[0]?.message ?? 'is not accepted';
  const meant = meantName(name);
  const fits = why.includes('lower-case') && meant !== '';
  const text = `Name "${name}" in ${nameOf(rest, path.slice(0, -1))} ${why}${fits ? `, write ${meant}` : ''}`;
  const correction = fits ? source.correctKey(inFile(path), meant) : null;
  findings.mistake(source.file, source.keyPlace(inFile(path)), text, { correction });
}

function invalidValue(subject: Subject, issue: Issue, path: KeyPath, value: unknown): void {
  if (value === null) return tell(subject, path, `${emptyPlace(subject, path)} has no value${describedBy(issue)}`);
  const start = `Value ${shownAt(subject, path, value)} of ${nameOf(subject.rest, path)}`;
  if (issue.code === 'invalid_value') {
    const allowed = issue.values.map(String);
    const suggestion = meantWord(path, value, allowed);
    return tell(subject, path, `${start} must be ${listed(allowed)}`, suggestion);
  }
  const own = issue.code !== 'invalid_type' || !issue.message.startsWith('Invalid input');
  if (issue.code === 'invalid_type' && isNumberInQuotes(issue, value)) {
    const text = `${start} is text to YAML, and a number is wanted; write it without quotes`;
    return tellForm(subject, path, text, { text: '', replacement: value });
  }
  if (own) return tell(subject, path, `${start} ${withoutTypography(issue.message, value)}`);
  const form = wrongForm([issue.expected], { value, written: writtenAt(subject, path), key: path.at(-1) });
  tellForm(subject, path, start, form);
}

function isNumberInQuotes({ expected }: z.core.$ZodIssueInvalidType, value: unknown): value is string {
  return (expected === 'int' || expected === 'number') && typeof value === 'string' && /^\d{1,9}$/.test(value);
}

function meantWord(path: KeyPath, value: unknown, allowed: readonly string[]): string | undefined {
  const said = scalarText(value);
  const meant = wordFor(path.at(-1), said);
  if (meant !== undefined && allowed.includes(meant)) return meant;
  return otherWord(said, allowed) ?? didYouMean(said, allowed);
}

/** A sentence of a reader, with the plain form of what a word processor has made of the value. */
function withoutTypography(message: string, value: unknown): string {
  if (typeof value !== 'string') return message;
  const plain = value
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/[\u00A0\u2000-\u200A\u202F\u205F\u3000]/g, ' ')
    .replace(/[\uFF01-\uFF5E]/g, (character) => String.fromCodePoint((character.codePointAt(0) ?? 0) - 0xfee0));
  if (plain === value) return message;
  return `holds characters of a word processor, such as a long dash; write "${plain}"`;
}

function tell({ source, inFile, findings }: Subject, path: KeyPath, text: string, suggestion?: string): void {
  const at = inFile(path);
  findings.mistake(source.file, source.place(at), text, valueHints(source, at, text, suggestion));
}

function tellForm(subject: Subject, path: KeyPath, start: string, form: WrongForm): void {
  const { source, inFile, findings } = subject;
  const at = inFile(path);
  const text = `${start} ${form.text}`.trimEnd();
  const hints =
    form.replacement === undefined
      ? valueHints(source, at, text, form.suggestion)
      : { correction: source.correct(at, form.replacement, true) };
  findings.mistake(source.file, source.place(at), text, hints);
}

/** `Key "after"`, or `Entry 2 of zones.desks` in a list. */
function emptyPlace(subject: Subject, path: KeyPath): string {
  const last = path.at(-1);
  return typeof last === 'number' ? `Entry ${last + 1} of ${nameOf(subject.rest, path.slice(0, -1))}` : `Key "${last}"`;
}

function describedBy(issue: Issue): string {
  return issue.code === 'invalid_type' ? `, it must be ${nounOf(issue.expected)}` : '';
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
  const inner = issue.errors.flat();
  const literals = inner.flatMap((one) => (one.code === 'invalid_value' ? one.values.map(String) : []));
  const expected = inner.flatMap((one) => (one.code === 'invalid_type' ? [one.expected] : []));
  const start = `Value ${shownAt(subject, path, value)} of ${nameOf(subject.rest, path)}`;
  if (value !== null && literals.length === 0) {
    tellForm(subject, path, start, wrongForm(expected, { value, written: writtenAt(subject, path), key: path.at(-1) }));
    return [path];
  }
  const forms = [...new Set([...literals.map((word) => `"${word}"`), ...expected.map(nounOf)])].join(' or ');
  const shown = value === null ? `${emptyPlace(subject, path)} has no value, it` : start;
  tell(subject, path, `${shown} must be ${forms}`, meantWord(path, value, literals));
  return [path];
}

function isOtherForm(issue: z.core.$ZodIssue, value: unknown): boolean {
  if (issue.code === 'invalid_value') return true;
  if (issue.code !== 'invalid_type' && issue.code !== 'invalid_union') return false;
  if (issue.code === 'invalid_union') return typeof value !== 'object' || value === null;
  // A reader that answers a bare number itself is the form that was meant.
  return issue.message.startsWith('Invalid input') || typeof value === 'object';
}

function writtenAt({ source, inFile }: Subject, path: KeyPath): string {
  return source.written(inFile(path)) ?? '';
}

function shownAt({ source, inFile }: Subject, path: KeyPath, value: unknown): string {
  return show(source.written(inFile(path)), value, path);
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
