// The script that the gateway puts into the EHR's documents, as one text without modules: it runs first, before the page's
// own scripts, in browsers and pages of every age. One window is the hub, the topmost that carries it; every frame below
// only tells that one. Touches no sink that Trusted Types guard and writes no style into the page's markup.

import type { Language } from '../../core/language/language.ts';
import { locales } from '../in-language.ts';
import { wordsIn } from '../words-in.ts';
import { confirmPart } from './confirm.ts';
import { coverPart } from './cover.ts';
import { coverWaysPart } from './cover-ways.ts';
import { coverStyle, hideStyle } from './cover-style.ts';
import { hubPart } from './hub.ts';
import { leavePart } from './leave.ts';
import { listenPart } from './listen.ts';
import { noticePart } from './notice.ts';
import { noticeStyle } from './notice-style.ts';
import { openChartPart } from './open-chart.ts';
import { quietPart } from './quiet.ts';
import { requestsPart } from './requests.ts';

const startPart = `
const mark = Symbol.for('wardgate');
if (window[mark]) return;
// The gateway says of a document that shows a patient that it does.
const isChart = document.currentScript !== null && document.currentScript.hasAttribute('data-patient');

function hubAbove() {
  let found = null;
  for (let view = window; view !== view.parent;) {
    view = view.parent;
    try { found = view[mark] || found; } catch (cause) { /* A frame of another origin. */ }
  }
  return found;
}

const above = hubAbove();
const hub = above || { covered: covered, refused: refused, told: heardOf, listen: listen, entered: entered, patient: heardOfPatient };
Object.defineProperty(window, mark, { value: hub });
standBesideFetch(window, hub);
standBesideXhr(window, hub);
if (above) above.listen(window);
else begin();
// The one above may be older, and know nothing of charts.
if (hub.entered) hub.entered(window, isChart);
`;

/** `iconAddress`: the icon of a covered tab. */
export function makePageScript(language: Language, iconAddress: string): string {
  const { lock, question } = wordsIn(language);
  const { line, lineMessage, open, newTab, label, hide, notToday } = question;
  const noticeTexts = { question: line, message: lineMessage, open, newTab, label, later: hide, notToday };
  const constants = {
    language,
    locale: locales[language],
    texts: lock,
    noticeTexts,
    coverStyle,
    hideStyle,
    noticeStyle,
    iconAddress,
  };
  const lines = Object.entries(constants).map(([name, value]) => `const ${name} = ${JSON.stringify(value)};`);
  return `(function () {\n'use strict';\n${lines.join('\n')}\n${[requestsPart, hubPart, listenPart, coverPart, coverWaysPart, confirmPart, leavePart, openChartPart, quietPart, noticePart, startPart].join('')}})();\n`;
}
