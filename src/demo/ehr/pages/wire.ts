// Pages that show or use what is on the wire: the headers as received, redirects of both kinds, and the poller.

import { listName, findPatient } from '../patients.ts';
import { answerJsonAsHtml, answerText, lastParameter, redirect } from '../visit.ts';
import type { OpenVisit, Visit } from '../visit.ts';

/** One line for each header, in the order and spelling received. */
export function echoHeaders(visit: Visit): void {
  const { method = '', url = '', rawHeaders } = visit.request;
  const lines = rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${rawHeaders[index + 1] ?? ''}`] : []));
  answerText(visit, `${method} ${url}\n${lines.join('\n')}\n`);
}

/** `absolute` names this EHR's own origin, whatever Host was sent; `relative` leans on the address of the page. */
export function sendElsewhere(visit: Visit): void {
  const absolute = lastParameter(visit.query, 'to') === 'absolute';
  redirect(visit, absolute ? `${visit.ehr.origin}/welcome` : 'welcome');
}

export function pollReminders(visit: Visit): void {
  const patient = visit.session.pid === null ? null : findPatient(visit.session.pid);
  answerJsonAsHtml(visit, { reminders: 3, messages: 1, patient: patient === null ? '' : listName(patient) });
}

/** What the poller hears once its session is over; the page then goes to the login by itself. */
export function answerPollTimeout(visit: OpenVisit): void {
  answerJsonAsHtml(visit, { timeoutMessage: 'timeout' });
}
