// Tries a person's own EHR password before it is kept, in the way in which it will be used.

import type { ApplicationSettings } from '../config/settings.ts';
import type { Session } from '../core/session/session.ts';
import type { EhrClient, EhrTrial, SignOnBrake, TrialResult } from '../ehr-ports.ts';
import type { RecipeSignOn } from './recipe-sign-on.ts';
import { mayHaveBeenSent } from './run-recipe.ts';
import { basic } from './sign-on-basic.ts';

export interface TrialNeeds {
  readonly applications: ReadonlyMap<string, ApplicationSettings>;
  readonly recipes: ReadonlyMap<string, RecipeSignOn>;
  readonly client: EhrClient;
  readonly brake: SignOnBrake;
  readonly encode: (text: string) => string;
}

const nameAndPassword = ['username', 'password'];

export function ehrTrial(needs: TrialNeeds): EhrTrial {
  return {
    asks: (name) => asks(needs.applications.get(name)),
    async try(session, name, credential, address) {
      const recipe = needs.recipes.get(name);
      if (recipe) return recipe.try(session, credential, address);
      return tryBasic(needs, session, name, credential, address);
    },
    leave: (session, name) => needs.recipes.get(name)?.leave(session),
  };
}

/** What this application asks people for; null where it takes no password of their own. */
export function asks(application: ApplicationSettings | undefined): readonly string[] | null {
  if (application?.signOn.by === 'basic-own-password') return nameAndPassword;
  if (application?.signOn.by !== 'recipe' || application.signOn.account.of !== 'own') return null;
  return application.signOn.recipe.asks;
}

async function tryBasic(
  needs: TrialNeeds,
  { subject }: Session,
  application: string,
  { username, password }: { readonly username: string; readonly password: string },
  address: string,
): Promise<TrialResult> {
  const turn = await needs.brake.begin(application, subject);
  if (typeof turn === 'number') return { trial: 'paused', retryAfterSeconds: turn };
  const ask = asking(needs, application, address);
  let failed = true;
  try {
    const { status } = await ask(['authorization', basic(username, password, needs.encode)]);
    const result = await judge(status, ask);
    failed = result.trial !== 'signed-on';
    return result;
  } catch (cause) {
    failed = mayHaveBeenSent(cause);
    throw cause;
  } finally {
    await turn.end(failed);
  }
}

type Ask = (headers: readonly string[]) => Promise<{ readonly status: number }>;

function asking({ applications, client }: TrialNeeds, application: string, address: string): Ask {
  const target = `${applications.get(application)?.root ?? ''}/`;
  return (headers) => client.send(application, { method: 'GET', target, headers, body: null, address });
}

/**
 * Only what an EHR shows or redirects has been opened by the password. A page that is missing tells nothing, unless whoever
 * brings no password is asked for one there; what is broken or overloaded has judged nothing.
 */
async function judge(status: number, ask: Ask): Promise<TrialResult> {
  if (status === 401 || status === 403) return { trial: 'refused' };
  const isOpen = (status >= 200 && status < 400) || (status === 404 && (await ask([])).status === 401);
  return isOpen ? { trial: 'signed-on', location: null, cookies: [] } : { trial: 'unrecognised', status, told: '' };
}
