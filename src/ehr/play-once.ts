// Plays a recipe once for one person, within the brake, and says whether the EHR may have refused what it was sent. Where
// no password went out nothing is counted, because the EHR has judged none.

import type { Verdict } from '../core/ehr/play-recipe.ts';
import type { Caller } from '../core/session/machine-session.ts';
import type { EhrCredential, SignOnBrake } from '../ehr-ports.ts';
import { runRecipe } from './run-recipe.ts';
import type { RecipeTarget, RunRecipeNeeds } from './run-recipe.ts';

export interface PlayOnceNeeds extends RunRecipeNeeds {
  readonly brake: SignOnBrake;
}

export interface Played {
  readonly verdict: Verdict;
  /** The password went out and was not taken, or nobody can tell: it is never tried again. */
  readonly mayBeRefused: boolean;
}

export interface Player {
  readonly session: Caller;
  readonly credential: EhrCredential;
  readonly address: string;
  /** A Fault ended it after the password went out; awaited before the Fault is thrown on. */
  readonly onLost: (cause: unknown) => Promise<void>;
}

/** With these an EHR that is starting or overloaded says that it has judged nothing (RFC 9110 section 15.6). */
const judgedNothing: ReadonlySet<number> = new Set([502, 503, 504]);

/** The seconds to wait where nothing was tried. Rejects with a Fault where the EHR does not answer. */
export async function playOnce(
  needs: PlayOnceNeeds,
  target: RecipeTarget,
  { session: { subject }, credential, address, onLost }: Player,
): Promise<Played | number> {
  const turn = await needs.brake.begin(target.application, subject);
  if (typeof turn === 'number') return turn;
  const sent = { secret: false };
  let taken = false;
  try {
    const person = { name: subject.name, address };
    const { verdict } = await runRecipe(needs, target, credential, person, () => (sent.secret = true));
    // What is no success counts as a failure, also where it could not be told: the EHR may have counted one.
    taken = verdict.kind === 'signed-on' || verdict.kind === 'password-change';
    if (!sent.secret) return { verdict: unsent(verdict), mayBeRefused: false };
    return { verdict, mayBeRefused: mayBeRefused(verdict) };
  } catch (cause) {
    if (sent.secret) await onLost(cause);
    throw cause;
  } finally {
    await turn.end(sent.secret && !taken);
  }
}

/** A refusal before the password went out is none of the password. */
function unsent(verdict: Verdict): Verdict {
  if (verdict.kind !== 'refused') return verdict;
  return { kind: 'broken', at: verdict.by, why: 'The EHR refused the sign-on before a password was sent' };
}

/** What could not be told may have been a refusal. */
function mayBeRefused(verdict: Verdict): boolean {
  if (verdict.kind === 'unrecognised') return !judgedNothing.has(verdict.status);
  return verdict.kind === 'refused' || verdict.kind === 'broken';
}
