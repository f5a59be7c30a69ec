// Ends what a session of ours held at the EHRs when it ends itself: nobody's chart stays open behind a session that is
// gone. The jar is emptied first; the EHR is then told once, and whether it heard is only logged.

import type { ApplicationSettings } from '../config/settings.ts';
import { cookiesFor } from '../core/ehr/jar.ts';
import type { Caller } from '../core/session/machine-session.ts';
import type { EhrClient, EhrStanding, EhrStandings } from '../ehr-ports.ts';

export interface LogOutNeeds {
  readonly applications: ReadonlyMap<string, ApplicationSettings>;
  readonly standings: EhrStandings;
  readonly client: EhrClient;
  readonly clock: { now(): number };
  readonly onFailed: (application: string, cause: unknown) => void;
}

/** Resolves when every EHR was told or could not be; never rejects. */
export async function logOutOfEhrs(needs: LogOutNeeds, session: Caller): Promise<void> {
  const held = await needs.standings.take(session);
  await Promise.all([...held].map(([name, standing]) => logOut(needs, name, standing)));
}

/** Tells one EHR; never rejects. */
export async function logOut(
  needs: Omit<LogOutNeeds, 'standings'>,
  name: string,
  { standing, jar }: Pick<EhrStanding, 'standing' | 'jar'>,
): Promise<void> {
  const signOn = needs.applications.get(name)?.signOn;
  const request = signOn?.by === 'recipe' ? signOn.recipe.logout.request : null;
  if (request === null || standing === 'ended') return;
  const [path = request.target] = request.target.split('?');
  const cookie = cookiesFor(jar, path, needs.clock.now());
  if (cookie === null) return;
  try {
    await needs.client.send(name, { ...request, headers: ['cookie', cookie], body: null, address: '' });
  } catch (cause) {
    needs.onFailed(name, cause);
  }
}
