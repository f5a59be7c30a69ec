// `/ws/rest/v1/session`: who one is, where one works, and the way out. Asking is always answered 200, whether the password
// with it was right or wrong; only `authenticated` tells.

import { privilegesOf, userUuid } from './accounts.ts';
import { answerJson, answerNothing } from './exchange.ts';
import type { Exchange } from './exchange.ts';
import { locations, uuidOf } from './records.ts';

export function runSession(exchange: Exchange): void {
  switch (exchange.request.method ?? '') {
    case 'GET':
    case 'HEAD':
      return answerJson(exchange, describe(exchange));
    case 'POST':
      return chooseLocation(exchange);
    case 'DELETE':
      exchange.mrs.sessions.end(exchange.session);
      return answerNothing(exchange);
    default:
      return answerJson(exchange, { error: { message: 'Request method not supported', code: '', detail: '' } }, 405);
  }
}

function describe({ session }: Exchange): Record<string, unknown> {
  const { user } = session;
  const open = { authenticated: user !== null, locale: 'en', allowedLocales: ['en', 'fr', 'es'] };
  if (user === null) return open;
  const name = user.displayName ?? user.name;
  return {
    ...open,
    user: {
      uuid: userUuid(user),
      display: user.name,
      username: user.name,
      systemId: user.name,
      // The only word of it in REST: the login succeeds all the same.
      userProperties: user.mustChangePassword === true ? { forcePassword: 'true' } : {},
      person: { uuid: uuidOf(`person ${user.name}`), display: name },
      privileges: privilegesOf(user).map((one) => ({ uuid: uuidOf(one), display: one, name: one })),
      roles: [],
    },
    sessionLocation: locations.find((one) => one.uuid === session.location) ?? null,
    currentProvider: { uuid: uuidOf(`provider ${user.name}`), display: name },
  };
}

/** Takes a location from anybody, logged in or not, and answers like a question. */
function chooseLocation(exchange: Exchange): void {
  const wanted = sessionLocation(exchange.body);
  if (wanted !== null && !locations.some((one) => one.uuid === wanted)) {
    const message = `[ '${wanted}' is not the UUID of any location.]`;
    return answerJson(exchange, { error: { message, code: 'org.openmrs.api.APIException', detail: '' } }, 500);
  }
  if (wanted !== null) exchange.session.location = wanted;
  answerJson(exchange, describe(exchange));
}

function sessionLocation(body: Buffer): string | null {
  const value: unknown = body.length === 0 ? null : JSON.parse(body.toString('utf8'));
  if (typeof value !== 'object' || value === null || !('sessionLocation' in value)) return null;
  return typeof value.sessionLocation === 'string' ? value.sessionLocation : null;
}
