// Plays the first steps of a sign-on, up to the one that would send a name or a password, by the code that plays them for
// people: a changed login page shows here. What needs a password is left to `wardgate ehr test`.

import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { systemClock } from '../../adapters/clock-system.ts';
import { UpstreamEhrClient } from '../../adapters/ehr-client.ts';
import { UndiciUpstream } from '../../adapters/upstream-undici.ts';
import type { Limits } from '../../config/edge-limits.ts';
import type { ApplicationSettings, SignOnSettings } from '../../config/settings.ts';
import { afterReply, beginPlay, nextRequest } from '../../core/ehr/play-recipe.ts';
import type { Play, Verdict } from '../../core/ehr/play-recipe.ts';
import { Fault } from '../../core/faults.ts';
import { unreachable } from '../../core/unreachable.ts';
import type { EhrClient } from '../../ehr-ports.ts';
import { recipeTarget } from '../../ehr/recipe-target.ts';
import { sendsSecret } from '../../ehr/sends-secret.ts';
import { faultInWords } from '../doctor/in-words.ts';
import { cut, findings } from './finding.ts';
import type { Finding } from './finding.ts';

export async function dryRun(application: ApplicationSettings, limits: Limits): Promise<Finding> {
  const { name, upstream, trustFile, signOn } = application;
  const say = findings('sign-on', name);
  if (signOn.by === 'none') return say.ok('The gateway signs nobody on here, so there is nothing to try');
  if (signOn.by === 'header') {
    return say.unknown(
      `Whether the EHR believes the header "${signOn.name}" only a sign-in shows; whoever reaches it directly can send it too`,
    );
  }
  const ca = trustFile === null ? null : readFileSync(trustFile, 'utf8');
  const pool = new UndiciUpstream(new Map([[name, { origin: upstream, ca }]]), limits);
  const client = new UpstreamEhrClient(pool, new Map([[name, application]]));
  try {
    return await trySignOn(client, application, signOn);
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause;
    const { says, next } = faultInWords(cause);
    return say.failed(says, next ?? undefined);
  } finally {
    await pool.close();
  }
}

function trySignOn(
  client: EhrClient,
  application: ApplicationSettings,
  signOn: Exclude<SignOnSettings, { by: 'none' | 'header' }>,
): Promise<Finding> {
  switch (signOn.by) {
    case 'recipe':
      return tryRecipe(client, application, signOn);
    case 'basic-account':
    case 'basic-own-password':
    case 'basic-roles':
      return tryBasic(client, application);
    default:
      return unreachable(signOn);
  }
}

/** RFC 7617: it must ask for a password with 401 and a challenge. */
async function tryBasic(client: EhrClient, { name }: ApplicationSettings): Promise<Finding> {
  const say = findings('sign-on', name);
  const { status, headers } = await client.send(name, { method: 'GET', target: '/', headers: [], body: null, address: '' });
  const challenge = headers.findIndex((one, at) => at % 2 === 0 && one.toLowerCase() === 'www-authenticate');
  const asksBasic = challenge >= 0 && /^basic\b/i.test(headers[challenge + 1] ?? '');
  if (status === 401 && asksBasic) return say.ok(`It asks for a password by Basic, as it should; ${whole(name)}`);
  const fix =
    'turn on its password there, or choose the preset whose recipe fits; a page that asks for one is tried with ehr test --path';
  return say.warning(`It answers / with status ${status} and does not ask for a password by Basic`, fix);
}

const whole = (name: string): string => `with a password: wardgate ehr test --application ${name}`;

async function tryRecipe(
  client: EhrClient,
  application: ApplicationSettings,
  signOn: Extract<SignOnSettings, { by: 'recipe' }>,
): Promise<Finding> {
  const say = findings('sign-on', application.name);
  const { origins, recipe, values } = recipeTarget(application, signOn);
  let play = beginPlay(recipe, values, origins);
  const of = `${basename(application.preset ?? 'the recipe')}: `;
  for (;;) {
    const next = stepOrEnd(play);
    if (next === 'secret') {
      const played = play.steps.length;
      if (played === 0) return say.unknown(`${of}its first step sends the password already; ${whole(application.name)}`);
      const steps = played === 1 ? 'the first step was' : `the first ${played} steps were`;
      return say.ok(`${of}${steps} answered as it expects, up to the one with the password; ${whole(application.name)}`);
    }
    if ('kind' in next) return ended(say, of, next);
    const { method, target, headers, body } = next;
    play = afterReply(play, await client.send(application.name, { method, target, headers, body, address: '' }), Date.now());
  }
}

/** The next request, how it ended, or that nothing more can be played without a person. */
function stepOrEnd(play: Play) {
  if (play.verdict === null && sendsSecret(play)) return 'secret';
  const next = nextRequest(play, systemClock.now());
  const wants = 'kind' in next && next.kind === 'broken' ? /^Value "([^"]+)" is not known/.exec(next.why)?.[1] : undefined;
  return wants !== undefined && ['username', 'password', 'name', ...play.recipe.asks].includes(wants) ? 'secret' : next;
}

function ended(say: ReturnType<typeof findings>, of: string, verdict: Verdict): Finding {
  if (verdict.kind === 'broken') {
    const fix =
      'mend this step in the preset, or set the value under signOnValues; the EHR may be of another version than the preset';
    return say.failed(`${of}it does not fit at ${verdict.at}: ${cut(verdict.why, 300)}`, fix);
  }
  const fix = 'look at the tests under success and failure in the preset: they hold without a password';
  return say.failed(`${of}it ended before any password was sent, as "${verdict.kind}"`, fix);
}
