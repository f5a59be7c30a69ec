// Writes what a live check found: one line each, with the fix behind what is not well.

import { cut } from './finding.ts';
import type { Finding, Verdict } from './finding.ts';
import type { LiveChecked } from './live-check.ts';
import type { TriedDoor } from './try-door.ts';

const words: Readonly<Record<Verdict, string>> = { ok: 'ok', warning: 'warning', failed: 'FAILED', unknown: 'not seen' };
const colours: Readonly<Record<Verdict, string>> = { ok: '32', warning: '33', failed: '31', unknown: '36' };

/** `ok       ehr pacs: It answers`; in colour for a terminal that has some. */
export function findingLine({ probe, of, verdict, says, fix }: Finding, inColour: boolean): string {
  const word = words[verdict].padEnd(8);
  const shown = inColour ? `\u001b[${colours[verdict]}m${word}\u001b[0m` : word;
  const about = of === null ? probe : `${probe} ${of}`;
  return `${shown} ${harmless(`${about}: ${says}${fix === null ? '' : `; ${fix}`}`)}`;
}

/** The longest line; the words of a provider or of an EHR stand in it. */
const mostCharacters = 2000;

/** Without what moves a cursor or turns a line round (CVE-2021-42574), in words that others may have written. */
function harmless(text: string): string {
  return cut(text, mostCharacters).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (one) => {
    return `\\u${(one.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
  });
}

/** Of a sign-in, one line each. */
export function claimLines(claims: NonNullable<LiveChecked['claims']>): readonly string[] {
  const told = Object.entries(claims).slice(0, 100);
  return [
    'The claims that came:',
    ...told.map(([name, value]) => harmless(`  ${cut(name, 80)}: ${cut(JSON.stringify(value), 500)}`)),
  ];
}

export function closingLine(found: readonly Finding[]): string {
  const count = (verdict: Verdict): number => found.filter((one) => one.verdict === verdict).length;
  const [failed, warnings, unseen] = [count('failed'), count('warning'), count('unknown')];
  const parts = [
    failed > 0 ? `${failed} failed` : 'nothing failed',
    ...(warnings > 0 ? [`${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`] : []),
    ...(unseen > 0 ? [`${unseen} not to be seen from here`] : []),
  ];
  return parts.join(', ').replace(/^./, (first) => first.toUpperCase());
}

export function doorText({ door, says, note }: TriedDoor): string {
  return `${door}: ${says}\n${note}`;
}
