// Tries a proposal before anybody reads it: the rule file with it is loaded as at a start, its own tests included, and the
// recorded requests that it is meant for are decided with it by the code that decides in production.

import { loadConfiguration } from '../../config/load.ts';
import type { Settings } from '../../config/settings.ts';
import { decideAgain } from '../recorded/decide-again.ts';
import type { KnownRules } from '../recorded/known-rules.ts';
import { decideNeeds } from '../recorded/replay.ts';
import { rulebook } from '../recorded/rulebook.ts';
import type { Proposal } from './propose.ts';
import { changeRules } from './rule-change.ts';

/** `problem` is null where every sample passes with it. */
export interface TriedProposal extends Proposal {
  readonly lines: readonly string[];
  readonly place: string;
  readonly problem: string | null;
}

export interface TryNeeds {
  readonly settings: Settings;
  readonly known: KnownRules;
  readonly gatewayText: string;
  readonly rulesText: string;
}

/** Null where the rule to change is not in the file. */
export async function tryProposal(needs: TryNeeds, proposal: Proposal): Promise<TriedProposal | null> {
  const changed = changeRules(needs.rulesText, proposal.change);
  if (changed === null) return null;
  const { text, lines, place } = changed;
  return { ...proposal, lines, place, problem: await problemWith(needs, proposal, text) };
}

async function problemWith(
  { settings, known, gatewayText }: TryNeeds,
  { groups }: Proposal,
  text: string,
): Promise<string | null> {
  const texts = { gateway: gatewayText, rules: text };
  const loaded = await loadConfiguration(settings.file, { secrets: 'optional', texts });
  if (!loaded.ok) return loaded.mistakes[0]?.message ?? 'the file would not be sound';
  const next = rulebook(loaded.configuration.policy);
  const decide = decideNeeds(settings);
  let left = 0;
  const samples = groups.flatMap((group) => group.samples);
  for (const sample of samples) {
    const again = decideAgain(decide, next, await known.book(sample.policy), sample);
    if (!again.decided || !again.verdict.allow) left += 1;
  }
  return left === 0 ? null : `${left} of ${samples.length} recorded requests would still be refused, or cannot be told`;
}
