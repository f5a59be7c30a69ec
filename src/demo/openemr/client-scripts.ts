// The scripts that OpenEMR's pages carry into the browser: the one that puts its session cookie back, and the timers that
// keep asking while nobody touches anything. They run in a real browser.

import { WEB_ROOT } from './apache-target.ts';
import { SESSION_COOKIE } from './sessions.ts';
import type { OpenEmrState } from './visit.ts';

/**
 * The product keeps several logins of one browser apart by writing the page's own session id over the cookie before
 * every request, so the id stands in the HTML. It only writes where the browser holds a cookie of the name with another id.
 */
export function restoreSessionScript(sessionId: string, version: OpenEmrState['version']): string {
  // Version 5 wrote the values between single quotes, later ones as JSON.
  const quote = version === 5 ? "'" : '"';
  return `var oemr_session_name = ${quote}${SESSION_COOKIE}${quote};
var oemr_session_id   = ${quote}${sessionId}${quote};
function restoreSession() {
 var ca = document.cookie.split('; ');
 for (var i = 0; i < ca.length; ++i) {
  var c = ca[i].split('=');
  if (c[0] == oemr_session_name && c[1] != oemr_session_id) {
   document.cookie = oemr_session_name + '=' + oemr_session_id + '; path=${WEB_ROOT}';
  }
 }
 return true;
}
`;
}

/** Version 5 posts urlencoded as jQuery does, version 7 posts `FormData`: the marker is in neither's address. */
export function pollingScript({ version, pollSeconds }: OpenEmrState): string {
  const form = version === 5 ? 'new URLSearchParams' : 'new FormData';
  return `var webroot_url = '${WEB_ROOT}';
function passive(path, more) {
 restoreSession();
 var request = ${form};
 request.append('skip_timeout_reset', '1');
 for (var name in more) request.append(name, more[name]);
 return fetch(webroot_url + path, { method: 'POST', credentials: 'same-origin', body: request });
}
function timeoutLogout() {
 timed_out = true;
 top.location.href = webroot_url + '/interface/logout.php?timeout=1';
}
function goRepeaterServices() {
 passive('/library/ajax/dated_reminders_counter.php', { isPortal: '' }).then(function (response) {
  return response.text();
 }).then(function (text) {
  if (text.indexOf('timeoutMessage') >= 0) timeoutLogout();
 });
 passive('/library/ajax/execute_background_services.php', { ajax: '1' });
 passive('/interface/main/dated_reminders/dated_reminders.php', { drR: '1' });
 setTimeout(goRepeaterServices, ${pollSeconds * 1000});
}
`;
}

/** `js/tabs_view_model.js`, as far as opening a page in a tab goes. */
export const tabsScript = `function navigateTab(url, name) {
 top.restoreSession();
 var tab = document.getElementById(name) || document.createElement('iframe');
 if (!tab.id) {
  tab.id = name;
  tab.name = name;
  document.getElementById('framesDisplay').appendChild(tab);
 }
 tab.src = url;
 activateTab(name);
}
function activateTab(name) {
 document.querySelectorAll('#framesDisplay iframe').forEach(function (tab) {
  tab.style.display = tab.id === name ? 'block' : 'none';
 });
}
function openBehind(url, name) {
 var shown = [].find.call(document.querySelectorAll('#framesDisplay iframe'), function (tab) { return tab.style.display !== 'none'; });
 navigateTab(url, name);
 if (shown) activateTab(shown.id);
}
`;

/** The finder's own script: it asks for rows and opens the chart that is clicked. */
export const finderScript = `function find() {
 top.restoreSession();
 var address = 'dynamic_finder_ajax.php?sColumns=name,ss,DOB,pubpid&iDisplayStart=0&iDisplayLength=10&sEcho=1&sSearch='
  + encodeURIComponent(document.getElementById('search').value);
 fetch(address, { credentials: 'same-origin' }).then(function (response) { return response.json(); }).then(function (out) {
  var table = document.getElementById('pt_table');
  table.textContent = '';
  out.aaData.forEach(function (row) {
   var line = table.insertRow();
   line.id = row.DT_RowId;
   for (var i = 0; row[i] !== undefined; ++i) line.insertCell().textContent = row[i];
   line.onclick = function () { openPatient(line.id.substring(4)); };
  });
 });
}
function openPatient(pid) {
 var address = '${WEB_ROOT}/interface/patient_file/summary/demographics.php?set_pid=' + encodeURIComponent(pid);
 if (top.navigateTab) top.navigateTab(address, 'pat');
 else location.href = address;
}
document.addEventListener('DOMContentLoaded', find);
`;

/** One click on a patient becomes about ten requests: the visits, the picture, and each fragment by a post of its own. */
export function chartScript(fragments: readonly string[]): string {
  return `document.addEventListener('DOMContentLoaded', function () {
 if (top.openBehind) top.openBehind('${WEB_ROOT}/interface/patient_file/history/encounters.php', 'enc');
 ${JSON.stringify(fragments)}.forEach(function (name) {
  if (top.restoreSession) top.restoreSession();
  fetch(name + '.php', { method: 'POST', credentials: 'same-origin', body: new URLSearchParams({ embeddedScreen: 'true' }) })
   .then(function (response) { return response.text(); })
   .then(function (text) { document.getElementById(name).innerHTML = text; });
 });
});
`;
}
