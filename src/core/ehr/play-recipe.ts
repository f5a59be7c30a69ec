// Plays a recipe: says what to send next, takes each reply, and comes to one verdict. A state and no process: whoever holds
// it does the sending, once, and what was not told to be success is none.

import { headersOf } from '../raw-headers.ts';
import type { EhrReply } from './ehr-reply.ts';
import { emptyJar, storeCookies } from './jar.ts';
import type { Jar } from './jar.ts';
import { judgeStep, landingOf } from './judge-step.ts';
import type { Verdict } from './judge-step.ts';
import { buildRequest } from './play-request.ts';
import type { PlayRequest } from './play-request.ts';
import { playedStep } from './played-step.ts';
import type { PlayedStep } from './played-step.ts';
import type { Recipe, RecipeStep } from './recipe.ts';
import { takeValues } from './take-values.ts';

export type { Verdict } from './judge-step.ts';
export type { PlayRequest } from './play-request.ts';
export type { PlayedStep } from './played-step.ts';

/** A sign-on under way. Replaced as a whole with each reply. */
export interface Play {
  readonly recipe: Recipe;
  /** The names of the EHR in a Location. */
  readonly origins: readonly string[];
  /** Index of the first step that is not played yet. */
  readonly step: number;
  /** By name, with what the steps took; holds the password. */
  readonly values: ReadonlyMap<string, string>;
  readonly jar: Jar;
  /** Null until it is decided. Steps may follow success, and never change it but for its jar. */
  readonly verdict: Verdict | null;
  /** Where the last reply up to the deciding one leads; null where nowhere on this EHR. */
  readonly location: string | null;
  readonly steps: readonly PlayedStep[];
}

/** `values` as in a recipe: username, password, name, what it asks, and what IT set; the recipe's defaults fill the rest. */
export function beginPlay(recipe: Recipe, values: ReadonlyMap<string, string>, origins: readonly string[]): Play {
  const defaults = [...recipe.values].filter((pair): pair is [string, string] => pair[1] !== null);
  const all = new Map([...defaults, ...values]);
  return { recipe, origins, step: 0, values: all, jar: emptyJar, verdict: null, location: null, steps: [] };
}

/** The request to send now, or how it ended. `now` is epoch milliseconds. */
export function nextRequest(play: Play, now: number): PlayRequest | Verdict {
  const next = upcoming(play, now);
  return 'kind' in next ? next : next.request;
}

/** The play after the reply to what `nextRequest` said; the same where nothing was to be sent. */
export function afterReply(play: Play, reply: EhrReply, now: number): Play {
  const next = upcoming(play, now);
  if ('kind' in next) return play;
  const { step, at } = next;
  const jar = storeCookies(play.jar, headersOf(reply.headers, 'set-cookie'), reply.target, now);
  const taken = takeValues(step.take, reply, jar, play.origins, now);
  const values = 'missing' in taken ? play.values : new Map([...play.values, ...taken]);
  const after = { ...play, step: at + 1, jar, values };
  if (play.verdict !== null) {
    const verdict = { ...play.verdict, jar };
    return { ...after, verdict, steps: [...play.steps, playedStep(play, step, reply, null)] };
  }
  const lacks = 'missing' in taken ? taken.missing : null;
  const verdict = judgeStep(play, step, reply, jar, lacks);
  const decidedBy = verdict !== null && 'by' in verdict ? verdict.by : null;
  const steps = [...play.steps, playedStep(play, step, reply, decidedBy)];
  return { ...after, verdict, location: landingOf(reply, play.origins), steps };
}

interface Upcoming {
  readonly at: number;
  readonly step: RecipeStep;
  readonly request: PlayRequest;
}

/** After success a step that cannot be sent is left out, because it only follows up. */
function upcoming({ recipe, step: first, values, jar, verdict }: Play, now: number): Upcoming | Verdict {
  if (verdict !== null && verdict.kind !== 'signed-on') return verdict;
  for (const [at, step] of recipe.steps.entries()) {
    if (at < first || step.onlyWith.some((name) => !values.has(name))) continue;
    const request = buildRequest(step, values, jar, now);
    if (!('why' in request)) return { at, step, request };
    if (verdict === null) return { kind: 'broken', at: step.at, why: request.why };
  }
  const why = 'No step that is played decides whether the person is signed on';
  return verdict ?? { kind: 'broken', at: String(recipe.steps.at(-1)?.at), why };
}
