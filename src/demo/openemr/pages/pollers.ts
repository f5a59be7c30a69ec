// What an open window asks for while nobody sits before it. Some of it says so in its body, some does not, and one of the
// answers tells the window that the session is over.

import { patients } from '../../ehr/patients.ts';
import { isExpired } from '../guard.ts';
import { answerHtml, answerJson } from '../visit.ts';
import type { Visit } from '../visit.ts';

const DUE_REMINDERS = 2;

/**
 * Asked every minute. Version 5 answers a number in brackets, whatever the time; version 7 answers JSON, and
 * `timeoutMessage` once the session has expired. The session stays, and so does what `skip_timeout_reset` opens.
 */
export function countReminders(visit: Visit): void {
  if (visit.emr.version === 5) return answerHtml(visit, `(${DUE_REMINDERS})`);
  answerJson(visit, isExpired(visit) ? { timeoutMessage: 'timeout' } : { reminderText: DUE_REMINDERS });
}

export function runServices(visit: Visit): void {
  answerHtml(visit, '');
}

export function showReminders(visit: Visit): void {
  answerHtml(visit, `<div class="dr_container">${DUE_REMINDERS} reminders are due</div>\n`);
}

/** The flow board: every 20 seconds by post, without the marker, so each one counts as activity. */
export function showFlowBoard(visit: Visit): void {
  const rows = patients.slice(0, 3).map((one) => `<tr><td>${one.pid}</td><td>${one.familyName}</td></tr>`);
  if (visit.post.get('flb_table') === '1') return answerHtml(visit, `<table>${rows.join('')}</table>\n`);
  answerHtml(
    visit,
    `<html><head><title>Flow Board</title></head><body><div id="flb_table"><table>${rows.join('')}</table></div></body></html>\n`,
  );
}
