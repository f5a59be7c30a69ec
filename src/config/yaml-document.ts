// Parses a YAML text. What YAML reads otherwise than its author is told, mended in memory and parsed again, so that one
// mistake does not hide the next; nothing is ever written. Where mending is not possible the file is not read further,
// because everything after it would be guesswork.

import { parseDocument } from 'yaml';
import type { Document } from 'yaml';
import { firstHolding } from '../core/first-holding.ts';
import { blankTraps } from './blank-traps.ts';
import { colonTraps, looseTraps } from './colon-traps.ts';
import { indentTrap, tabTraps } from './indent-traps.ts';
import type { Findings, Place } from './mistake.ts';
import { gluedTraps, tagTraps, unclosedTrap } from './quote-traps.ts';
import { cutShort } from './cut-short.ts';
import { columnBefore, correctionBy, lineAt, withEdits } from './yaml-edits.ts';
import type { Trap } from './yaml-edits.ts';
import { readEvents } from './yaml-events.ts';
import type { Refused } from './yaml-events.ts';
import { scanYaml } from './yaml-scan.ts';
import type { Scan } from './yaml-scan.ts';
import { explainError } from './yaml-traps.ts';
import { treeOf } from './yaml-tree.ts';
import type { YamlNode } from './yaml-tree.ts';

/** How often a text is mended and parsed again, and how many characters are parsed for it in all. */
const maxRounds = 25;
const maxParsedCharacters = 1_000_000;
/** What all mendings together may add. */
const maxMendedCharacters = 16_384;
/** Traps looked at in one round; far fewer are ever told. */
const maxTraps = 1000;
/** Lines behind a guess in which another one is most likely its consequence. */
const echoLines = 3;

export interface ParsedText {
  readonly file: string;
  /** As it was parsed, with what could be mended. */
  readonly text: string;
  readonly root: YamlNode | null;
  /** Set where the text is refused though it can be explained: whoever finds no mistake in it must tell this one. */
  readonly refused: Refused | null;
  /** Where the offset of `text` stands in the file as it was written. */
  readonly placeOf: (offset: number) => Place;
  readonly findings: Findings;
}

/** The parsed text, or null where it could not be mended; everything is reported. */
export function readDocument(file: string, written: string, findings: Findings): ParsedText | null {
  const told = new Set<string>();
  let text = written;
  let guess: Guess | null = null;
  for (let round = 0; round < maxRounds && round * written.length <= maxParsedCharacters; round += 1) {
    const scan = scanYaml(text, false);
    const { errors, ...read } = readText(text, scan);
    const parsed = { file, text, findings, placeOf: placesIn(written, text), ...read };
    const failed = errors.length > 0;
    const traps = trapsIn(text, failed ? scanYaml(text, true) : scan, errors);
    const next = guessIn(parsed, traps);
    if (guess !== null && next !== null && echoes(guess, next)) return null;
    guess = next ?? guess;
    tell(parsed, traps, told);
    const mended = withEdits(
      text,
      traps.flatMap(({ edits }) => edits),
    );
    if (mended === text) return failed ? null : withWarnings(parsed, scan);
    // Every mending is small; one that grows from round to round mends nothing.
    if (findings.full || mended.length > written.length + maxMendedCharacters) return null;
    text = mended;
  }
  return null;
}

type Errors = Document.Parsed['errors'];

/**
 * js-yaml decides. Only what it refuses is read by `yaml`, which has the better words; without an error of its own, the tree is for
 * what finds the mistake in it, such as an alias.
 */
function readText(text: string, scan: Scan): Pick<ParsedText, 'root' | 'refused'> & { readonly errors: Errors } {
  const read = readEvents(text, scan);
  if (read.refused === null) return { ...read, errors: [] };
  const { errors, contents } = withoutStacks(() => parseDocument(text, yamlOptions));
  return { root: errors.length > 0 ? null : treeOf(contents), refused: read.refused, errors };
}

interface Guess {
  readonly line: number;
  readonly from: number;
}

function guessIn({ placeOf }: ParsedText, traps: readonly Trap[]): Guess | null {
  const found = traps.flatMap(({ at, guessedFrom: from }) => (from === undefined ? [] : [{ line: placeOf(at).line, from }]));
  return found[0] ?? null;
}

/** Lines that were all moved by as much are so many mistakes; anything else this near comes from the guess. */
function echoes(last: Guess, next: Guess): boolean {
  return Math.abs(next.line - last.line) <= echoLines && (next.from !== last.from || next.from === -1);
}

/** How the package `yaml` reads a text. */
export const yamlOptions = {
  // `plainValue` looks for keys that stand twice.
  uniqueKeys: false,
  strict: true,
  prettyErrors: false,
  merge: false,
  version: '1.2' as const,
};

function withWarnings(parsed: ParsedText, scan: Scan): ParsedText {
  const { file, text, findings, placeOf } = parsed;
  for (const { at, message, edits } of cutShort(text, scan).slice(0, maxTraps)) {
    findings.warning(file, placeOf(at), message, { correction: correctionBy(text, edits) });
  }
  return parsed;
}

/** Those that stand each in a line of their own; else the first that changes how everything behind it is read. */
function trapsIn(text: string, scan: Scan, errors: Errors): readonly Trap[] {
  const always = apart(text, [...blankTraps(text, scan), ...looseTraps(text, scan), ...tagTraps(text, scan)]);
  if (errors.length === 0) return always;
  const deep = errors.find(({ code }) => code === 'RESOURCE_EXHAUSTION');
  if (deep !== undefined) return [explainError(text, deep)];
  const inLines = apart(text, [...always, ...tabTraps(text, scan), ...gluedTraps(text, scan), ...colonTraps(text, scan)]);
  if (inLines.some(({ edits }) => edits.length > 0)) return inLines;
  const [error] = errors.toSorted((a, b) => a.pos[0] - b.pos[0]);
  return [
    ...inLines,
    unclosedTrap(text, scan) ?? indentTrap(text, scan) ?? (error === undefined ? [] : explainError(text, error)),
  ].flat();
}

/** Without the ones that lie in what an earlier one mends already. */
function apart(text: string, traps: readonly Trap[]): Trap[] {
  const kept: Trap[] = [];
  const lineOf = (at: number): number => text.lastIndexOf('\n', at - 1);
  const taken = new Set(traps.flatMap(({ at, alone }) => (alone === true ? [lineOf(at)] : [])));
  for (const trap of traps.slice(0, maxTraps)) {
    const lies = kept.some(({ edits }) => edits.some((edit) => edit.start <= trap.at && trap.at < edit.end));
    if (!lies && (trap.alone === true || taken.size === 0 || !taken.has(lineOf(trap.at)))) kept.push(trap);
  }
  return kept;
}

/** Tells each trap with its line as it reads when all in that line are mended. */
function tell({ file, text, placeOf, findings }: ParsedText, traps: readonly Trap[], told: Set<string>): void {
  const lineOf = (offset: number): number => text.lastIndexOf('\n', offset - 1);
  const byLine = Map.groupBy(
    traps.flatMap(({ edits }) => edits),
    ({ start }) => lineOf(start),
  );
  for (const { at, message, edits } of traps) {
    const [first] = edits;
    const place = placeOf(at);
    // Several of one kind in one line are one mistake.
    const name = `${place.line} ${message}`;
    if (message === '' || told.has(name) || findings.full) continue;
    told.add(name);
    const all = first === undefined ? [] : (byLine.get(lineOf(first.start)) ?? []);
    findings.mistake(file, place, message, { correction: correctionBy(text, all) });
  }
}

function placesIn(written: string, text: string): (offset: number) => Place {
  const before = written === text ? null : written.split('\n');
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  return (offset) => {
    const line = firstHolding(0, starts.length, (at) => (starts[at] ?? 0) > offset);
    const place = { line, column: Math.max(offset - (starts[line - 1] ?? 0) + 1, 1) };
    const original = before?.[place.line - 1];
    if (original === undefined) return place;
    return { ...place, column: columnBefore(original.replace(/\r$/, ''), lineAt(text, offset), place.column) };
  };
}

/** The parser makes an error for every character it cannot take; the stacks of tens of thousands would take seconds. */
function withoutStacks<T>(parse: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return parse();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
