// OpenMRS's old pages: a login by form whose failure looks like being logged out, CSRFGuard before every post, servlets that
// answer under two names, and the patient search under four.

import { listName, searchPatients } from '../ehr/patients.ts';
import { markup } from '../markup.ts';
import { answerBytes, answerHtml, answerTomcat, originOf, redirect } from './exchange.ts';
import type { Exchange } from './exchange.ts';
import { patientOf, patientUuid } from './records.ts';
import { jsessionCookie } from './sessions.ts';

const LOGIN_PAGE = '/openmrs/login.htm';
const CSRF_NAME = 'OWASP-CSRFTOKEN';

export function runLegacy(exchange: Exchange): void {
  if (!passesCsrfGuard(exchange)) return redirect(exchange, '/openmrs/error.html');
  // Every servlet of a module stands under `/ms/` and under `/moduleServlet/`.
  const path = exchange.path.replace(/^\/openmrs\/(?:ms|moduleServlet)\//, '/openmrs/ms/');
  switch (path) {
    case LOGIN_PAGE:
      return showLogin(exchange);
    case '/openmrs/ms/legacyui/loginServlet':
    case '/openmrs/loginServlet':
      return logIn(exchange);
    case '/openmrs/ms/legacyui/logout':
    case '/openmrs/logout':
      exchange.mrs.sessions.end(exchange.session);
      return redirect(exchange, '/openmrs/index.htm?noredirect=true');
    case '/openmrs/csrfguard':
      return answerBytes(
        exchange,
        { 'Content-Type': 'text/javascript' },
        `var token_name = '${CSRF_NAME}', token_value = '${exchange.session.csrfToken}';\n`,
      );
    case '/openmrs/index.htm':
      return answerHtml(exchange, page('OpenMRS', 'Welcome to OpenMRS'));
    default:
      return runInside(exchange, path);
  }
}

/** The same search under four names, of which a rule may know one. */
const dwrPaths =
  /^\/openmrs\/(?:dwr|ms|ms\/legacyui\/dwr-invoker)\/call\/plaincall\/DWRPatientService\.findCountAndPatients\.dwr$/;

function runInside(exchange: Exchange, path: string): void {
  if (exchange.session.user === null) return redirect(exchange, LOGIN_PAGE);
  if (dwrPaths.test(path)) return findByDwr(exchange);
  if (/^\/openmrs\/(?:patientDashboard|admin\/patients\/(?:patient|shortPatientForm))\.form$/.test(path))
    return showPatient(exchange);
  if (/^\/openmrs\/(?:admin|module)\//.test(path)) return answerHtml(exchange, page('Administration', path));
  answerTomcat(exchange.response, 404, 'Not Found');
}

/** Without a session nothing is checked, which is what lets a login be posted in one step. */
function passesCsrfGuard({ request, hadSession, session, query, body }: Exchange): boolean {
  if (['GET', 'HEAD', 'OPTIONS'].includes(request.method ?? '') || !hadSession) return true;
  const sent = request.headers[CSRF_NAME.toLowerCase()] ?? query.get(CSRF_NAME) ?? formOf(body).get(CSRF_NAME);
  return sent === session.csrfToken;
}

function showLogin(exchange: Exchange): void {
  answerHtml(
    exchange,
    markup`<!DOCTYPE html><html><head><title>OpenMRS - Login</title></head><body>
<form id="login-form" method="post" action="/openmrs/ms/legacyui/loginServlet" autocomplete="off">
<input type="text" name="uname"><input type="password" name="pw"><input type="hidden" name="redirect" value="">
<input type="hidden" name="${CSRF_NAME}" value="${exchange.session.csrfToken}"><input type="submit" value="Log In"></form></body></html>
`,
  );
}

/** Failure leads to the page that also says "you are logged out", by the same status. */
function logIn(exchange: Exchange): void {
  const { body, session, response, mrs } = exchange;
  const form = formOf(body);
  const user = mrs.accounts.checkForm(form.get('uname') ?? '', form.get('pw') ?? '');
  if (user === null) return redirect(exchange, LOGIN_PAGE);
  session.user = user;
  mrs.sessions.rotate(session);
  response.setHeader('Set-Cookie', jsessionCookie(session.id));
  redirect(exchange, user.mustChangePassword === true ? '/openmrs/changePassword.form' : landing(exchange, form));
}

/** An absolute `refererURL` counts only where scheme, host and port are the request's own. */
function landing({ request }: Exchange, form: URLSearchParams): string {
  const wanted = form.get('redirect') || form.get('refererURL') || '';
  const isOwn = wanted.startsWith('/') || wanted.startsWith(`${originOf(request)}/`);
  return isOwn ? wanted : '/openmrs';
}

/** The question stands in a body of type text/plain: `c0-param0=string:NAME`. */
function findByDwr(exchange: Exchange): void {
  const sought = /^c0-param0=string:(.*)$/m.exec(exchange.body.toString('utf8'))?.[1] ?? '';
  const found = searchPatients(decodeURIComponent(sought)).map(
    (one) => `{patientId:${one.pid},personName:"${listName(one)}",identifier:"${one.mrn}"}`,
  );
  const script = `dwr.engine._remoteHandleCallback('0','0',{count:${found.length},objectList:[${found.join(',')}]});\n`;
  answerBytes(exchange, { 'Content-Type': 'text/javascript;charset=utf-8' }, script);
}

/** `patientId` is a number or a UUID. */
function showPatient(exchange: Exchange): void {
  const patient = patientOf(exchange.query.get('patientId'), true);
  if (patient === null) return answerHtml(exchange, page('Patient', 'No such patient'));
  answerHtml(exchange, page('Patient Dashboard', `${listName(patient)} ${patient.mrn} ${patientUuid(patient.pid)}`));
}

function formOf(body: Buffer): URLSearchParams {
  return new URLSearchParams(body.toString('utf8'));
}

function page(title: string, text: string) {
  return markup`<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>${title}</h1><p>${text}</p></body></html>\n`;
}
