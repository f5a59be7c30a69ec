// The frames of the application: the banner on top, the menu at the left, the work at the right, and what fills each.

import { markup } from '../../markup.ts';
import { answerFile, answerHtml, redirect } from '../visit.ts';
import type { OpenVisit, Visit } from '../visit.ts';
import { logo } from '../static/logo.ts';
import { script } from '../static/script.ts';
import { stylesheet } from '../static/stylesheet.ts';
import { PRODUCT, layout } from './layout.ts';

const STATIC_LIFETIME = 'public, max-age=3600';

const menu = [
  [
    'Patients',
    [
      ['Find a patient', '/finder'],
      ['Chart', '/chart'],
      ['Demographics', '/demographics'],
      ['Documents', '/documents'],
    ],
  ],
  [
    'Clinic',
    [
      ['Welcome', '/welcome'],
      ['Schedule', '/schedule'],
      ['Patient list', '/reports/patients'],
      ['Claims', '/billing/claims'],
    ],
  ],
  [
    'Administration',
    [
      ['Users', '/admin/users'],
      ['Backup', '/admin/backup'],
      ['Request headers', '/echo-headers'],
    ],
  ],
] as const;

export function showStart(visit: Visit): void {
  redirect(visit, '/main');
}

export function showMain(visit: Visit): void {
  answerHtml(
    visit,
    markup`<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 4.01 Frameset//EN" "http://www.w3.org/TR/html4/frameset.dtd">
<html lang="en">
<head>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8">
<title>${PRODUCT}</title>
<link rel="icon" type="image/svg+xml" href="/static/logo.svg">
</head>
<frameset rows="56,*" border="0" frameborder="0">
<frame name="top" src="/top" title="Banner" scrolling="no" noresize>
<frameset cols="186,*">
<frame name="nav" src="/nav" title="Menu">
<frame name="work" src="/welcome" title="Work">
</frameset>
<noframes><body><p>This application needs frames. <a href="/welcome">Continue without them</a></p></body></noframes>
</frameset>
</html>
`,
  );
}

export function showTop(visit: Visit): void {
  const { user } = visit.session;
  answerHtml(
    visit,
    layout(
      'Banner',
      markup`<table><tr>
<td><img src="/static/logo.svg" alt="" width="32" height="32"><span class="name">${PRODUCT}</span></td>
<td><span class="carried" id="carried"></span></td>
<td class="who"><span id="reminders"></span> &nbsp; ${user.displayName}, ${user.title} <a href="/logout" target="_top">Log out</a></td>
</tr></table>`,
      { kind: 'banner' },
    ),
  );
}

export function showNav(visit: Visit): void {
  const groups = menu.map(
    ([title, entries]) =>
      markup`<h2>${title}</h2>\n${entries.map(([name, address]) => markup`<a href="${address}" target="work">${name}</a>\n`)}`,
  );
  answerHtml(visit, layout('Menu', markup`${groups}`, { kind: 'nav' }));
}

export function showWelcome(visit: Visit): void {
  answerHtml(
    visit,
    layout(
      'Welcome',
      markup`<h1>Good day, ${visit.session.user.displayName}</h1>
<div class="columns">
<div class="panel"><h2>Start here</h2>
<form action="/finder" method="get"><p><label for="q">Find a patient by name or record number</label></p>
<p><input type="text" name="q" id="q"> <button type="submit">Find</button></p></form>
<p><a href="/schedule">Today's schedule</a></p></div>
<div class="panel"><h2>Message line</h2>
<div class="chat" id="messages"></div>
<form id="message-form" action="#"><input type="text" name="text" aria-label="Message"> <button type="submit">Send</button></form></div>
</div>
<p class="quiet">Everybody and everything in here is made up.</p>`,
    ),
  );
}

export function sendStylesheet(visit: OpenVisit): void {
  answerFile(visit, { 'Content-Type': 'text/css', 'Cache-Control': STATIC_LIFETIME }, stylesheet);
}

export function sendScript(visit: OpenVisit): void {
  answerFile(visit, { 'Content-Type': 'application/x-javascript', 'Cache-Control': STATIC_LIFETIME }, script);
}

export function sendLogo(visit: OpenVisit): void {
  answerFile(visit, { 'Content-Type': 'image/svg+xml', 'Cache-Control': STATIC_LIFETIME }, logo);
}
