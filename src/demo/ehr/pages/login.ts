// The EHR's own login and logout. A wrong password is answered with status 200 and the form again, as such applications
// do; a right one sets the cookie twice, and only the last is the session.

import { markup } from '../../markup.ts';
import { readForm } from '../read-form.ts';
import { decoyCookie, sessionCookie, sessionIdOf } from '../sessions.ts';
import type { EhrSession } from '../sessions.ts';
import { checkPassword } from '../users.ts';
import { answerHtml, redirect } from '../visit.ts';
import type { OpenVisit } from '../visit.ts';
import { PRODUCT, layout } from './layout.ts';

/** The form belongs to a session that waits for its login; without one, a session is opened first. */
export function showLogin(visit: OpenVisit): void {
  sendForm(visit, waitingSession(visit), null);
}

export async function postLogin(visit: OpenVisit): Promise<void> {
  const form = await readForm(visit.request);
  const session = visit.ehr.sessions.find(sessionIdOf(visit.request.headers.cookie));
  if (session === null || form.get('token') !== session.token) {
    return sendForm(visit, waitingSession(visit), 'This login page is too old. Please try again.');
  }
  const user = checkPassword(form.get('user') ?? '', form.get('pass') ?? '');
  if (user === null) return sendForm(visit, session, 'Unknown user name or wrong password.');
  visit.ehr.sessions.end(session.id);
  const opened = visit.ehr.sessions.open(user);
  visit.response.setHeader('Set-Cookie', [decoyCookie(), sessionCookie(opened.id)]);
  redirect(visit, '/main');
}

export function logOut(visit: OpenVisit): void {
  const id = sessionIdOf(visit.request.headers.cookie);
  if (id !== null) visit.ehr.sessions.end(id);
  visit.response.setHeader('Set-Cookie', `${sessionCookie('deleted')}; expires=Thu, 01-Jan-1970 00:00:01 GMT`);
  redirect(visit, '/login?out=1');
}

function waitingSession(visit: OpenVisit): EhrSession {
  const current = visit.ehr.sessions.find(sessionIdOf(visit.request.headers.cookie));
  if (current !== null && current.user === null) return current;
  const session = visit.ehr.sessions.open(null);
  visit.response.setHeader('Set-Cookie', sessionCookie(session.id));
  return session;
}

function sendForm(visit: OpenVisit, session: EhrSession, message: string | null): void {
  const notice = message === null ? null : markup`<div class="message">${message}</div>`;
  const out = visit.query.has('out') && message === null ? markup`<div class="done">You are logged out.</div>` : null;
  answerHtml(
    visit,
    layout(
      'Login',
      markup`<div class="login"><h1><img src="/static/logo.svg" alt="" width="24" height="24"> ${PRODUCT}</h1>
${notice}${out}<form id="login_form" method="post" action="/login">
<input type="hidden" name="token" value="${session.token}">
<label for="user">User name</label><input type="text" name="user" id="user" autocomplete="username">
<label for="pass">Password</label><input type="password" name="pass" id="pass" autocomplete="current-password">
<button type="submit">Log in</button>
</form></div>`,
    ),
  );
}
