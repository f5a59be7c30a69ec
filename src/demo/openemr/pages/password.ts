// OpenEMR's own password: the page that asks for a new one, and the one that takes it. A password that is due opens no
// gate: the login succeeds, and a tab beside all others asks.

import { markup } from '../../markup.ts';
import { answerHtml } from '../visit.ts';
import type { Visit } from '../visit.ts';
import { layout } from './layout.ts';

export function showPasswordAlert(visit: Visit): void {
  answerHtml(
    visit,
    layout(
      'Password Expiration',
      markup`<div class="alert alert-danger" role="alert">Your password expires today. Please change your password now.</div>
<a href="../usergroup/user_info.php" class="btn btn-secondary btn-transmit" onclick="top.restoreSession()">Change Password</a>`,
    ),
  );
}

export function showPasswordForm(visit: Visit): void {
  const script = `function update_password() {
 if (top.restoreSession) top.restoreSession();
 fetch('user_info_ajax.php', { method: 'POST', credentials: 'same-origin', body: new URLSearchParams(new FormData(document.forms[0])) })
  .then(function (response) { return response.text(); })
  .then(function (text) { document.getElementById('display_msg').innerHTML = text; });
 return false;
}
`;
  answerHtml(
    visit,
    layout(
      'Change Password',
      markup`<div id="display_msg"></div>
<form method='post' action='user_info.php' onsubmit='return update_password()'><legend>Change Password for ${visit.session.user.name}</legend>
<input type='password' name='curPass' id='curPass' autocomplete='off'>
<input type='password' name='newPass' autocomplete='off'><input type='password' name='newPass2' autocomplete='off'>
<button type="submit">Save Changes</button></form>`,
      script,
    ),
  );
}

/** Success and failure are both 200; the sentence differs. */
export function changePassword(visit: Visit): void {
  const { post, session, emr } = visit;
  const wanted = post.get('newPass') ?? '';
  const changed =
    wanted === post.get('newPass2') && emr.accounts.changePassword(session.user.name, post.get('curPass') ?? '', wanted);
  const told = changed ? 'Password change successful' : 'Password update error!';
  answerHtml(visit, markup`<div class='alert alert-${changed ? 'success' : 'danger'}'>${told}</div>`);
}
