// The report on what the rules would have refused: rows by rule, page and role, and under them the changes that would let
// them pass, each tried first. No person is named: how many they were is enough to change a rule.

import { readFileSync } from 'node:fs';
import { loadAreas } from '../../config/load-areas.ts';
import { rulesFileOf } from '../../config/load.ts';
import type { Configuration } from '../../config/settings.ts';
import { knownRules } from '../rules/rules-on-disk.ts';
import { plainText } from '../plain-text.ts';
import { decideNeeds } from '../recorded/replay.ts';
import { rulebook } from '../recorded/rulebook.ts';
import { gatherObserved } from './observed-groups.ts';
import type { Observed, ObservedGroup } from './observed-groups.ts';
import { propose, withoutProposal } from './propose.ts';
import { tryProposal } from './try-proposal.ts';
import type { TriedProposal } from './try-proposal.ts';

export interface ObservedRow extends Omit<ObservedGroup, 'people' | 'samples'> {
  readonly people: number;
  /** Why no change is proposed; null where one is. */
  readonly advice: string | null;
}

export interface ShownProposal {
  readonly place: string;
  readonly lines: readonly string[];
  readonly requests: number;
  /** Null where every recorded request passes with it. */
  readonly problem: string | null;
}

export interface ObservedReport extends Pick<Observed, 'counts' | 'settled' | 'unlisted'> {
  readonly since: string;
  readonly rows: readonly ObservedRow[];
  readonly proposals: readonly ShownProposal[];
}

/** Each takes a reading of both files; the rest is for the next run. */
const mostProposals = 40;
const shownRows = 200;

export async function observedReport({ settings, policy }: Configuration, since: number): Promise<ObservedReport> {
  const current = rulebook(policy);
  const known = knownRules(settings, current);
  const observed = await gatherObserved(settings, current, known, (await loadAreas(settings)) ?? new Map(), since);
  const { groups, counts, settled, unlisted } = observed;
  const proposals = propose(groups, policy, decideNeeds(settings).zones).slice(0, mostProposals);
  const texts = {
    gatewayText: readFileSync(settings.file, 'utf8'),
    rulesText: readFileSync(rulesFileOf(settings.file), 'utf8'),
  };
  const tried: TriedProposal[] = [];
  for (const proposal of proposals) {
    const one = await tryProposal({ settings, known, ...texts }, proposal);
    if (one !== null) tried.push(one);
  }
  const mended = new Set(tried.flatMap((one) => one.groups));
  const rows = groups.map((group) => rowOf(group, mended.has(group)));
  return { since: new Date(since).toISOString(), counts, settled, unlisted, rows, proposals: tried.map(shown) };
}

function rowOf({ people, samples: _samples, ...row }: ObservedGroup, hasProposal: boolean): ObservedRow {
  const advice = withoutProposal[row.reason] ?? 'no single line would mend it';
  return { ...row, people: people.size, advice: hasProposal ? null : advice };
}

function shown({ place, lines, groups, problem }: TriedProposal): ShownProposal {
  return { place, lines, requests: groups.reduce((sum, { count }) => sum + count, 0), problem };
}

export function observedLines({ since, counts, settled, unlisted, rows, proposals }: ObservedReport): readonly string[] {
  const lines = [`${counts.requests} recorded requests since ${since}`];
  lines.push(...counts.missing);
  if (rows.length === 0) lines.push('Nothing would be refused');
  for (const row of rows.slice(0, shownRows)) lines.push(rowLine(row));
  if (rows.length > shownRows) lines.push(`… and ${rows.length - shownRows} more rows, all of them with --json`);
  if (unlisted > 0) lines.push(`${unlisted} further requests are not listed, there are too many rows`);
  if (settled > 0)
    lines.push(`${settled} more were let pass against the rules of their time, and the rules as they are now allow them`);
  for (const proposal of proposals) lines.push('', ...proposalLines(proposal));
  if (proposals.length > 0)
    lines.push('', 'Nothing was changed. Take what belongs to the work of these people, and "wardgate replay" it first.');
  return lines;
}

function rowLine({ roles, rule, area, reason, method, pattern, count, people, advice }: ObservedRow): string {
  const where = rule === null ? `no rule${area === null ? '' : `, area ${area}`}` : `rule ${rule}`;
  const what = method === null ? 'what the EHR sent' : `${method} ${plainText(pattern)}`;
  const who = roles.length === 0 ? 'no role' : roles.join(' and ');
  const row = `${who}: ${what} (${where}): ${reason}, ${count}× by ${people} ${people === 1 ? 'person' : 'people'}`;
  return advice === null ? row : `${row}; ${advice}`;
}

function proposalLines({ place, lines, requests, problem }: ShownProposal): readonly string[] {
  const tried = problem === null ? `tried: ${requests} requests would pass` : `NOT RIGHT AS IT IS: ${plainText(problem)}`;
  return [`# ${place} (${tried})`, ...lines.map((line) => `  ${line}`)];
}
