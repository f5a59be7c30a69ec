// OpenMRS's REST interface, `/openmrs/ws/rest/v1`: the session by which one logs in, and the resources of the chart.

import type { Privilege } from './accounts.ts';
import { logInByBasic } from './basic.ts';
import { answerJson, answerTomcat, may } from './exchange.ts';
import type { Exchange } from './exchange.ts';
import { runDocument } from './rest-documents.ts';
import { answerNotFound, listPatients, showPatient, showRecord } from './rest-patients.ts';
import { runSession } from './rest-session.ts';
import { kinds, locations } from './records.ts';
import { userUuid } from './accounts.ts';

export const REST_ROOT = '/openmrs/ws/rest/v1';

/** What a resource takes; null is open to everybody who is logged in. */
const needed: Readonly<Record<string, Privilege | null>> = {
  patient: 'Get Patients',
  person: 'Get Patients',
  visit: 'Get Visits',
  encounter: 'Get Encounters',
  obs: 'Get Observations',
  order: 'Get Orders',
  attachment: 'View Attachments',
  patientdocuments: 'Get Patients',
  'queue-entry': 'Get Queue Entries',
  appointment: 'Get Visits',
  obstree: 'Get Observations',
  procedure: 'Get Patients',
  programenrollment: 'Get Patients',
  location: null,
  provider: null,
  user: 'Get Users',
  systemsetting: 'Get Global Properties',
  module: 'Manage Modules',
};

export function runRest(exchange: Exchange): void {
  // The filter logs in by Basic even where it has already answered that the session timed out.
  logInByBasic(exchange);
  if (exchange.stale) return answerTomcat(exchange.response, 401, 'Session timed out');
  const [resource = '', id, ...rest] = exchange.path.slice(REST_ROOT.length + 1).split('/');
  if (resource === 'session') return runSession(exchange);
  const privilege = needed[resource];
  if (privilege === undefined) return answerNotFound(exchange);
  const { user } = exchange.session;
  if (user === null) return refuse(exchange, 401, 'User is not logged in');
  // Everybody may read his own record.
  const own = resource === 'user' && id === userUuid(user);
  if (privilege !== null && !own && !may(user, privilege)) return refuse(exchange, 403, `Privileges required: [${privilege}]`);
  runResource(exchange, resource, id, rest);
}

function runResource(exchange: Exchange, resource: string, id: string | undefined, rest: readonly string[]): void {
  const kind = kinds.find((one) => one === resource);
  if (resource === 'patientdocuments' || (resource === 'attachment' && rest[0] === 'bytes')) return runDocument(exchange, id);
  if (kind !== undefined) return showRecord(exchange, kind, id);
  if (resource === 'patient' || resource === 'person') {
    return id === undefined || id === '' ? listPatients(exchange) : showPatient(exchange, id);
  }
  answerJson(exchange, { results: resource === 'location' ? locations : [] });
}

/** A browser that is shown the challenge asks the person for a password of its own accord, unless the caller forbade it. */
function refuse(exchange: Exchange, status: 401 | 403, message: string): void {
  const silent = exchange.request.headers['disable-www-authenticate'] === 'true';
  const challenge = status === 401 && !silent ? { 'WWW-Authenticate': 'Basic realm="OpenMRS at /rest"' } : {};
  const detail = status === 401 ? 'User is not logged in' : "User is logged in but doesn't have the relevant privilege";
  answerJson(
    exchange,
    { error: { message: `[${message}]`, code: 'org.openmrs.api.context.Context', detail } },
    status,
    challenge,
  );
}
