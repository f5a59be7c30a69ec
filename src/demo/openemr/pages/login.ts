// OpenEMR's way in and out. The login takes one post and no token; success and failure differ by status alone, and every
// kind of failure looks the same.

import { Markup, markup } from '../../markup.ts';
import { TOTP_CODE } from '../accounts.ts';
import type { OpenEmrUser } from '../accounts.ts';
import { WEB_ROOT } from '../apache-target.ts';
import { endAndShowLogin, loginScreenScript } from '../guard.ts';
import { phpTrue } from '../php-parameters.ts';
import { SESSION_COOKIE } from '../sessions.ts';
import { answerHtml, redirect } from '../visit.ts';
import type { OpenVisit } from '../visit.ts';
import { newToken, sessionCookie } from '../session-cookie.ts';
import { layout } from './layout.ts';

const facilities = ['Meadowbrook Main', 'Meadowbrook Annex'];

/** The Location is relative, as in the product's own `index.php`. */
export function showEntry(visit: OpenVisit): void {
  redirect(visit, 'interface/login/login.php?site=default');
}

/** Takes the whole window to the login form; it is where every logged-out marker points. */
export function showLoginScreen(visit: OpenVisit): void {
  answerHtml(
    visit,
    `<html>\n<body>\n<script>\n top.location.href='${WEB_ROOT}/interface/login/login.php?site=' + 'default';\n</script>\n
<a href='${WEB_ROOT}/interface/login/login.php?site=default'>Follow manually</a>\n</body>\n</html>\n`,
  );
}

export function showLogin(visit: OpenVisit): void {
  visit.session.siteId ??= 'default';
  const { version, facilityChooser } = visit.emr;
  // The one page of the product that may not stand in a frame.
  if (version === 7) visit.response.setHeader('X-Frame-Options', 'DENY');
  if (version === 7) visit.response.setHeader('Content-Security-Policy', "frame-ancestors 'none'");
  // The page takes the cookie away before it posts, so that the login always begins a new session.
  const script = `function imsubmitted() {
 document.cookie = '${SESSION_COOKIE}=; path=${WEB_ROOT}; expires=Thu, 01 Jan 1970 00:00:00 GMT';
 return true;
}
`;
  const failed = phpTrue(visit.get.get('error'))
    ? markup`<div class="well well-lg login-failure">Invalid username or password</div>`
    : null;
  const provider = version === 5 ? markup`<input type="hidden" name="authProvider" value="Default">` : null;
  answerHtml(
    visit,
    layout(
      'OpenEMR Login',
      markup`${failed}<form method="POST" id="login_form" name="login_form" autocomplete="off" target="_top"
 action="../main/main_screen.php?auth=login&amp;site=default" onsubmit="return imsubmitted()">
<input type="hidden" name="new_login_session_management" value="1">${provider}
<input type="hidden" name="languageChoice" value="1">
<label>Username <input type="text" id="authUser" name="authUser"></label>
<label>Password <input type="password" id="clearPass" name="clearPass"></label>
${facilityChooser ? facilityField() : null}<button type="submit">Login</button>
</form>`,
      script,
    ),
  );
}

const loginFields = ['new_login_session_management', 'authUser', 'clearPass'];

/** `main_screen.php?auth=login`: whatever lacks one of the fields is not a login but a page for people who are logged in. */
export function isLogin({ get, post, emr }: OpenVisit): boolean {
  const asked = emr.version === 5 ? [...loginFields, 'authProvider'] : loginFields;
  return get.get('auth') === 'login' && asked.every((name) => post.has(name));
}

export function postLogin(visit: OpenVisit): void {
  const { post, address, emr } = visit;
  const name = post.get('authUser') ?? '';
  const user = emr.accounts.check(name, post.get('clearPass') ?? '', address);
  if (user === null) return answerHtml(visit, loginScreenScript(false, ''));
  const coded = phpTrue(post.get('form_response')) && post.get('totp') === TOTP_CODE;
  if (user.totp === true && !coded) {
    emr.accounts.note(name, address, 'code-asked');
    emr.sessions.end(visit.session);
    return showChallenge(visit);
  }
  emr.accounts.note(name, address, 'success');
  openSession(visit, user);
}

/** The answer sets the session's cookie twice; the first was good until the second was set. */
function openSession(visit: OpenVisit, user: OpenEmrUser): void {
  const { session, emr, response } = visit;
  const first = sessionCookie(newToken(), emr.version);
  session.siteId ??= 'default';
  session.user = user;
  session.pid = 0;
  session.lastUpdate = emr.now();
  session.tokenMain = emr.version === 5 ? null : newToken();
  emr.sessions.rotate(session);
  const facility = visit.post.get('facility');
  const more =
    emr.facilityChooser && facility !== undefined ? [`pc_facility=${encodeURIComponent(facility)}; path=${WEB_ROOT}`] : [];
  response.setHeader('Set-Cookie', [first, sessionCookie(session.id, emr.version), ...more]);
  const token = session.tokenMain === null ? '' : `?token_main=${session.tokenMain}`;
  redirect(visit, `${WEB_ROOT}/interface/main/tabs/main.php${token}`);
}

export function logOut(visit: OpenVisit): void {
  if (visit.session.siteId === null) return answerHtml(visit, 'Site ID is missing from session data!');
  endAndShowLogin(visit, true);
}

/** The page posts name and password once more, in the clear, beside the code. */
function showChallenge(visit: OpenVisit): void {
  const again = ['new_login_session_management', 'languageChoice', 'authUser', 'clearPass'].flatMap((name) => {
    const value = visit.post.get(name);
    return value === undefined ? [] : [markup`<input type='hidden' name='${name}' value='${value}' />\n`];
  });
  const wrong = phpTrue(visit.post.get('totp'))
    ? markup`<div class="alert alert-danger alert-msg">The code you entered was not valid</div>`
    : null;
  answerHtml(
    visit,
    layout(
      'MFA Authorization',
      markup`<h2>TOTP Verification</h2>${wrong}
<form method="post" action="main_screen.php?auth=login&amp;site=default" target="_top" name="challenge_form" id="challenge_form">
<input type="text" name="totp" id="totp" maxlength="12" required>
<input type="hidden" name="form_response" value="true" />
${again}<button type="submit">Authenticate TOTP</button></form>`,
    ),
  );
}

function facilityField(): Markup {
  return markup`<select name="facility"><option value="user_default">My default facility</option>
${facilities.map((name, index) => markup`<option value="${index + 3}">${name}</option>`)}</select>`;
}
