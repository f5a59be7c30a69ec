// OpenMRS 3's pages: one document for every address below `/openmrs/spa/`, and a script that asks who one is and goes to the
// login where the answer is nobody. The documents are static; whose chart is shown, only the script's questions tell.

import type { ServerResponse } from 'node:http';
import { answerTomcat } from './exchange.ts';

export const SPA_ROOT = '/openmrs/spa';

const document = `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>OpenMRS</title><script src="${SPA_ROOT}/openmrs.js" defer></script></head>
<body><div id="app">Loading</div></body>
</html>
`;

/** Answers without looking who asks; a name with an ending is a file, everything else the one document. */
export function sendSpa(response: ServerResponse, path: string, pollSeconds: number): void {
  const name = path.slice(SPA_ROOT.length + 1);
  if (name === 'openmrs.js') return send(response, 'application/javascript', script(pollSeconds));
  if (/\.\w{1,8}$/.test(name)) return answerTomcat(response, 404, 'Not Found');
  send(response, 'text/html', document);
}

function send(response: ServerResponse, type: string, text: string): void {
  const headers = { 'Content-Type': type, 'Content-Length': Buffer.byteLength(text), 'Cache-Control': 'no-cache' };
  response.writeHead(200, headers).end(text);
}

/** Runs in a real browser. Any 401 goes to the login page, as does a session that is nobody's. */
function script(pollSeconds: number): string {
  return `const base = '/openmrs', spa = base + '/spa', app = document.getElementById('app');
function toLogin() {
  if (location.pathname !== spa + '/login') location.assign(spa + '/login');
  else showLogin();
  return new Promise(() => {});
}
async function ask(path, init = {}) {
  const headers = { Accept: 'application/json', 'Disable-WWW-Authenticate': 'true', ...init.headers };
  const reply = await fetch(base + path, { ...init, headers });
  if (reply.status === 401) return toLogin();
  return reply.status === 204 ? null : reply.json();
}
function show(...texts) {
  app.replaceChildren(...texts.map((text) => Object.assign(document.createElement('p'), { textContent: text })));
}
function showLogin() {
  app.innerHTML = '<form><input name="username"><input name="password" type="password"><button>Log in</button></form>';
  app.firstChild.onsubmit = async (event) => {
    event.preventDefault();
    const { username, password } = event.target.elements;
    const session = await ask('/ws/rest/v1/session', { headers: { Authorization: 'Basic ' + btoa(username.value + ':' + password.value) } });
    if (session.authenticated) location.assign(spa + '/home');
  };
}
async function showChart(uuid) {
  const patient = await ask('/ws/fhir2/R4/Patient/' + uuid);
  await ask('/ws/rest/v1/visit?patient=' + uuid);
  const observations = await ask('/ws/fhir2/R4/Observation?subject:Patient=' + uuid);
  const [name] = patient.name;
  show(name.given[0] + ' ' + name.family, ...(observations.entry || []).map((one) => one.resource.code.text));
}
async function start() {
  const session = await ask('/ws/rest/v1/session');
  if (!session.authenticated) return toLogin();
  const uuid = (/\\/patient\\/([^/]+)\\/chart/.exec(location.pathname) || [])[1];
  if (uuid) await showChart(uuid);
  else show('Welcome ' + session.user.person.display);
  setInterval(() => ask('/ws/rest/v1/session').then((now) => now.authenticated || toLogin()), ${pollSeconds * 1000});
  setInterval(() => ask('/ws/rest/v1/queue-entry?v=full'), ${pollSeconds * 1000});
}
start();
`;
}
