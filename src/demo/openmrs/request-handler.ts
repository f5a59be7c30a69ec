// From a request to what answers it: Tomcat reads the path and finds or opens a session, and the path says which part of
// OpenMRS it is for.

import type { Call } from '../loopback-server.ts';
import { answerTomcat } from './exchange.ts';
import type { Exchange, OpenMrsState } from './exchange.ts';
import { FHIR_ROOT, runFhir } from './fhir.ts';
import { runLegacy } from './legacy.ts';
import { REST_ROOT, runRest } from './rest.ts';
import { jsessionCookie, jsessionOf } from './sessions.ts';
import { SPA_ROOT, sendSpa } from './spa.ts';
import { tomcatTarget } from './tomcat-target.ts';

export async function answerOpenMrs(call: Call, mrs: OpenMrsState): Promise<void> {
  const { request, response, body } = call;
  const target = tomcatTarget(request.url ?? '');
  if (target.kind === 'refused') return answerTomcat(response, target.status, 'Invalid character found in the request target');
  const { path, query } = target;
  if (path === '/openmrs' || path === '/openmrs/') {
    response.writeHead(302, { Location: `${SPA_ROOT}/` }).end();
    return;
  }
  if (isBelow(path, SPA_ROOT)) return sendSpa(response, path, mrs.pollSeconds);
  if (!isBelow(path, '/openmrs')) return answerTomcat(response, 404, 'Not Found');
  // A session id in the path counts where there is no cookie: nobody told Tomcat to track by cookies alone.
  const asked = jsessionOf(request.headers.cookie) ?? target.jsessionid;
  const found = mrs.sessions.find(asked);
  const session = found ?? mrs.sessions.open();
  if (found === null) response.setHeader('Set-Cookie', jsessionCookie(session.id));
  const stale = found === null && asked !== null;
  dispatch({ request, response, path, query, body, session, stale, hadSession: found !== null, mrs });
}

function dispatch(exchange: Exchange): void {
  const { path } = exchange;
  if (isBelow(path, REST_ROOT)) runRest(exchange);
  else if (isBelow(path, FHIR_ROOT)) runFhir(exchange);
  else runLegacy(exchange);
}

function isBelow(path: string, root: string): boolean {
  return path === root || path.startsWith(`${root}/`);
}
