// Logging in by HTTP Basic, which OpenMRS allows with any request. A session that is logged in does not look at it again.

import type { Exchange } from './exchange.ts';
import { jsessionCookie } from './sessions.ts';

/** Never answers; whoever could not log in stays nobody. A login gives the session another id. */
export function logInByBasic({ request, response, session, mrs }: Exchange): void {
  const { authorization } = request.headers;
  if (session.user !== null || authorization === undefined) return;
  session.user = mrs.accounts.checkBasic(authorization);
  if (session.user === null) return;
  mrs.sessions.rotate(session);
  response.setHeader('Set-Cookie', jsessionCookie(session.id));
}
