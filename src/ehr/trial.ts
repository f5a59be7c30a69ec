// Tries a person's own EHR password before it is kept, in the way in which it will be used.

import type { ApplicationSettings } from '../config/settings.ts';
import type { EhrClient, EhrTrial, TrialResult } from '../ehr-ports.ts';
import type { FailureBrake } from './failure-brake.ts';
import type { RecipeSignOn } from './recipe-sign-on.ts';
import { basic } from './sign-on-basic.ts';

export interface TrialNeeds {
  readonly applications: ReadonlyMap<string, ApplicationSettings>;
  readonly recipes: ReadonlyMap<string, RecipeSignOn>;
  readonly client: EhrClient;
  readonly brake: FailureBrake;
  readonly encode: (text: string) => string;
}

const nameAndPassword = ['username', 'password'];

export function ehrTrial(needs: TrialNeeds): EhrTrial {
  return {
    asks: (name) => asks(needs.applications.get(name)),
    async try(session, name, credential, address) {
      const recipe = needs.recipes.get(name);
      if (recipe) return recipe.try(session, credential, address);
      return tryBasic(needs, name, credential, address);
    },
  };
}

/** What this application asks people for; null where it takes no password of their own. */
export function asks(application: ApplicationSettings | undefined): readonly string[] | null {
  if (application?.signOn.by === 'basic-own-password') return nameAndPassword;
  if (application?.signOn.by !== 'recipe' || application.signOn.account.of !== 'own') return null;
  return application.signOn.recipe.asks;
}

/** An EHR with Basic answers 401 to whom it does not know, on any page of its own; what is broken has judged nothing. */
async function tryBasic(
  { applications, brake, client, encode }: TrialNeeds,
  application: string,
  { username, password }: { readonly username: string; readonly password: string },
  address: string,
): Promise<TrialResult> {
  const turn = await brake.begin(application);
  if (typeof turn === 'number') return { trial: 'paused', retryAfterSeconds: turn };
  const headers = ['authorization', basic(username, password, encode)];
  const target = `${applications.get(application)?.root ?? ''}/`;
  let failed = false;
  try {
    const { status } = await client.send(application, { method: 'GET', target, headers, body: null, address });
    failed = status >= 500 || status === 401;
    if (!failed) return { trial: 'signed-on', location: null, cookies: [] };
    return status === 401 ? { trial: 'refused' } : { trial: 'unrecognised', status, told: '' };
  } finally {
    turn.end(failed);
  }
}
