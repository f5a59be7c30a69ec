// Signs on to the EHR as the gateway would, by the same code, and looks at it step by step: once, and off again. Marks
// nothing in the vault and never tries twice.

import { readFileSync } from 'node:fs';
import { UpstreamEhrClient } from '../../adapters/ehr-client.ts';
import { systemClock } from '../../adapters/clock-system.ts';
import { UndiciUpstream } from '../../adapters/upstream-undici.ts';
import type { Limits } from '../../config/edge-limits.ts';
import type { ApplicationSettings, SignOnSettings } from '../../config/settings.ts';
import type { PlayedStep, Verdict } from '../../core/ehr/play-recipe.ts';
import type { Recipe } from '../../core/ehr/recipe.ts';
import { Fault } from '../../core/faults.ts';
import type { EhrClient } from '../../ehr-ports.ts';
import { logOut } from '../../ehr/log-out-of-ehrs.ts';
import { recipeTarget } from '../../ehr/recipe-target.ts';
import { runRecipe } from '../../ehr/run-recipe.ts';
import type { Examination } from './examination.ts';
import type { FoundCredential } from './find-credential.ts';
import { faultInWords, verdictInWords } from './in-words.ts';
import { probeBasic } from './probe-basic.ts';
import { recordedClient } from './recorded-client.ts';
import type { Exchange } from './recorded-client.ts';
import { shownRequest, shownStep } from './shown-step.ts';
import type { ShownStep } from './shown-step.ts';

type RecipeSignOnSettings = Extract<SignOnSettings, { readonly by: 'recipe' }>;

const encode = (text: string): string => Buffer.from(text).toString('base64');

/** `path` is the request line that is asked of an EHR with Basic. */
export async function examine(
  application: ApplicationSettings,
  limits: Limits,
  found: FoundCredential,
  path: string,
): Promise<Examination> {
  const { name, upstream, trustFile, signOn } = application;
  const ca = trustFile === null ? null : readFileSync(trustFile, 'utf8');
  const pool = new UndiciUpstream(new Map([[name, { origin: upstream, ca }]]), limits);
  const { client, exchanges } = recordedClient(new UpstreamEhrClient(pool, new Map([[name, application]])), systemClock);
  try {
    if (signOn.by === 'recipe') return await playRecipe(client, exchanges, application, signOn, found);
    return await probeBasic({ client, encode, exchanges }, name, found.credential, path);
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause;
    return { ...faultInWords(cause), steps: exchanges.map((one) => shownRequest(one, null)), logout: null };
  } finally {
    await pool.close();
  }
}

/** Our own address is empty: the gateway asks for itself, and no EHR may count it for a person's. */
const ownAddress = '';

async function playRecipe(
  client: EhrClient,
  exchanges: readonly Exchange[],
  application: ApplicationSettings,
  signOn: RecipeSignOnSettings,
  { credential, person }: FoundCredential,
): Promise<Examination> {
  const { recipe } = signOn;
  const needs = { client, clock: systemClock, encode };
  const given = new Map([...signOn.values, ...Object.entries(credential.more)]);
  let result;
  try {
    result = await runRecipe(needs, recipeTarget(application, signOn), credential, { name: person, address: ownAddress });
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause;
    return { ...faultInWords(cause), steps: shownSteps(recipe, given, exchanges, []), logout: null };
  }
  const { verdict, play } = result;
  const steps = shownSteps(recipe, play.values, exchanges, play.steps);
  return { ...verdictInWords(verdict), steps, logout: await logOutAgain(client, exchanges, application, verdict) };
}

/** Each exchange beside the step that made it: those that were left out made none. */
function shownSteps(
  recipe: Recipe,
  values: ReadonlyMap<string, string>,
  exchanges: readonly Exchange[],
  played: readonly PlayedStep[],
): readonly ShownStep[] {
  const defaults = [...recipe.values].flatMap(([name, value]) => (value === null ? [] : [name]));
  const known = new Set([...values.keys(), ...defaults, ...recipe.asks, 'name']);
  let rest = recipe.steps.filter(({ onlyWith }) => onlyWith.every((name) => known.has(name)));
  return exchanges.flatMap((exchange, at) => {
    const one = played[at] ?? null;
    const found = one === null ? 0 : rest.findIndex((step) => step.at === one.at && step.method === one.method);
    const step = rest[found];
    if (step === undefined) return [];
    rest = rest.slice(found + 1);
    return [shownStep({ recipe, values }, step, exchange, one)];
  });
}

/** As when a session of ours ends: once, and whether the EHR heard is only shown. */
async function logOutAgain(
  client: EhrClient,
  exchanges: readonly Exchange[],
  application: ApplicationSettings,
  verdict: Verdict,
): Promise<ShownStep | null> {
  if (!('jar' in verdict)) return null;
  const before = exchanges.length;
  const needs = {
    applications: new Map([[application.name, application]]),
    client,
    clock: systemClock,
    onFailed: () => undefined,
  };
  await logOut(needs, application.name, { standing: 'signed-on', jar: verdict.jar });
  const exchange = exchanges[before];
  return exchange === undefined ? null : shownRequest(exchange, null);
}
