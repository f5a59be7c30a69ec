// The outermost page of OpenEMR: a menu and tabs that are frames. In version 7 it opens once for each login, and opening
// it any other way ends the session.

import { Markup, markup } from '../../markup.ts';
import { WEB_ROOT } from '../apache-target.ts';
import { pollingScript, restoreSessionScript } from '../client-scripts.ts';
import { endAndShowLogin } from '../guard.ts';
import { answerHtml, redirect } from '../visit.ts';
import type { Visit } from '../visit.ts';
import { layout } from './layout.ts';

const menu = [
  ['Finder', `${WEB_ROOT}/interface/main/finder/dynamic_finder.php`, 'fin'],
  ['Calendar', `${WEB_ROOT}/interface/main/main_info.php`, 'cal'],
  ['Flow', `${WEB_ROOT}/interface/patient_tracker/patient_tracker.php`, 'flb'],
  ['Messages', `${WEB_ROOT}/interface/main/messages/messages.php`, 'msg'],
  ['Patient list', `${WEB_ROOT}/interface/reports/patient_list.php`, 'rep'],
  ['Users', `${WEB_ROOT}/interface/usergroup/usergroup_admin.php`, 'adm'],
  ['Password', `${WEB_ROOT}/interface/usergroup/user_info.php`, 'pwd'],
] as const;

/** Whatever `token_main` is not the fresh one destroys the session: a reload, a bookmark, the page behind "back". */
export function showMain(visit: Visit): void {
  const { session, emr } = visit;
  if (emr.version === 7) {
    if (session.tokenMain === null || visit.get.get('token_main') !== session.tokenMain) return endAndShowLogin(visit, false);
    session.tokenMain = null;
  }
  const reminder =
    session.user.mustChangePassword === true ? frame('adm', `${WEB_ROOT}/interface/main/pwd_expires_alert.php`, true) : null;
  const timeout = emr.version === 5 ? frame('timeout', 'timeout_iframe.php', false) : null;
  const script = `${restoreSessionScript(session.id, emr.version)}var timed_out = false;
window.name = 'main';
${pollingScript(emr)}document.addEventListener('DOMContentLoaded', goRepeaterServices);
`;
  answerHtml(
    visit,
    layout(
      'OpenEMR',
      markup`<script src="js/tabs_view_model.js?v=72"></script>
<div id="mainMenu">${menu.map(([name, address, tab]) => markup`<a href="#" onclick="navigateTab('${address}', '${tab}'); return false">${name}</a>\n`)}
<span id="username">${session.user.displayName ?? session.user.name}</span>
<a id="logout_link" href="${WEB_ROOT}/interface/logout.php" onclick="top.restoreSession()" target="_top">Logout</a></div>
<div id="framesDisplay">${reminder}${frame('cal', menu[1][1], reminder === null)}${frame('fin', menu[0][1], false)}</div>${timeout}`,
      script,
    ),
  );
}

/** Reloads itself by its own timer: a navigation that nobody made, without any marker. */
export function showTimeoutFrame(visit: Visit): void {
  const after = visit.emr.pollSeconds * 2000;
  answerHtml(
    visit,
    `<html>\n<body>\n<script type="text/javascript">\nfunction timerint() {\n top.restoreSession();\n location.reload();\n}
setTimeout('timerint()', ${after});\n</script>\n</body>\n</html>\n`,
  );
}

export function showMainInfo(visit: Visit): void {
  redirect(visit, `${WEB_ROOT}/interface/main/calendar/index.php?module=PostCalendar&func=view`);
}

export function showCalendar(visit: Visit): void {
  answerHtml(visit, layout('Calendar', markup`<h1>Calendar</h1><p>Nobody has an appointment today.</p>`));
}

export function showMessages(visit: Visit): void {
  answerHtml(visit, layout('Messages', markup`<h1>Message and Reminder Center</h1><p>No messages.</p>`));
}

function frame(name: string, address: string, shown: boolean): Markup {
  return markup`<iframe id="${name}" name="${name}" src="${address}" style="display:${shown ? 'block' : 'none'}"></iframe>\n`;
}
