// Plays a recipe against the EHR: sends what the interpreter says and hands it the replies. Decides nothing itself and
// never tries twice, because EHRs lock accounts and addresses.

import type { EhrReply } from '../core/ehr/ehr-reply.ts';
import { Fault } from '../core/faults.ts';
import { afterReply, beginPlay, nextRequest } from '../core/ehr/play-recipe.ts';
import type { Play, PlayRequest, Verdict } from '../core/ehr/play-recipe.ts';
import type { Recipe } from '../core/ehr/recipe.ts';
import type { EhrClient, EhrCredential } from '../ehr-ports.ts';
import { sendsSecret } from './sends-secret.ts';
import { basic } from './sign-on-basic.ts';

export interface RunRecipeNeeds {
  readonly client: EhrClient;
  readonly clock: { now(): number };
  /** Base64 of UTF-8. */
  readonly encode: (text: string) => string;
}

/** Which EHR, and how it names itself in a Location: our public origin and its own. */
export interface RecipeTarget {
  readonly application: string;
  readonly origins: readonly string[];
  readonly recipe: Recipe;
  /** What IT configured for the recipe's values. */
  readonly values: ReadonlyMap<string, string>;
}

/**
 * The verdict, and what was played for whoever wants to look at it. Rejects with a Fault where the EHR does not answer.
 * `onSecret` is called once the EHR may have read a password, before it is known what it made of it.
 */
export async function runRecipe(
  needs: RunRecipeNeeds,
  { application, origins, recipe, values }: RecipeTarget,
  credential: EhrCredential,
  person: { readonly name: string; readonly address: string },
  onSecret: () => void = () => undefined,
): Promise<{ readonly verdict: Verdict; readonly play: Play }> {
  const { username, password, more } = credential;
  const given = new Map([
    ...values,
    ...Object.entries(more),
    ['name', person.name],
    ['username', username],
    ['password', password],
  ]);
  let play = beginPlay(recipe, given, origins);
  for (;;) {
    const next = nextRequest(play, needs.clock.now());
    if ('kind' in next) return { verdict: next, play };
    const onSent = sendsSecret(play) ? onSecret : () => undefined;
    const reply = await sendStep(needs, application, next, person.address, play.verdict !== null, onSent);
    if (reply === null) return { verdict: play.verdict ?? unanswered, play };
    play = afterReply(play, reply, needs.clock.now());
  }
}

const unanswered: Verdict = { kind: 'broken', at: 'the last step', why: 'The EHR did not answer' };

/** Null where a step that only follows up on a success is not answered: the person is signed on all the same. */
async function sendStep(
  { client, encode }: RunRecipeNeeds,
  application: string,
  { method, target, headers, basic: account, body }: PlayRequest,
  address: string,
  followsUp: boolean,
  onSent: () => void,
): Promise<EhrReply | null> {
  const signed = account === null ? headers : [...headers, 'authorization', basic(account.username, account.password, encode)];
  try {
    const reply = await client.send(application, { method, target, headers: signed, body, address });
    onSent();
    return reply;
  } catch (cause) {
    if (mayHaveBeenSent(cause)) onSent();
    if (followsUp) return null;
    throw cause;
  }
}

/** Whoever finds the queue to the EHR full has sent nothing; of everything else nobody knows how far it came. */
export function mayHaveBeenSent(cause: unknown): boolean {
  return !(cause instanceof Fault && cause.code === 'upstream-busy');
}
