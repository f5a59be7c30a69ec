// What reviewers ask of a person, what was said so far, and a form to answer: a reason and "Send". The one page of ours that names
// a patient to the person whom an alert is about.

import type { AskedAbout } from '../core/cases/asked-about.ts';
import { mostStepText } from '../core/cases/case.ts';
import { fillText } from './fill-text.ts';
import { html } from './html.ts';
import type { Markup } from './html.ts';
import type { Words } from './languages/en.ts';
import { layout } from './layout.ts';
import type { PageClinic } from './layout.ts';
import { wordsIn } from './words-in.ts';

export type QuestionReason = keyof Words['question']['reasons'];

/** Charts that were opened from then until then; `more`: so many others, or at least so many where that was cut. */
export interface ShownCharts {
  readonly from: string;
  readonly until: string;
  readonly names: readonly string[];
  readonly more: number;
  readonly isCut: boolean;
}

/** What was noticed; `patient` is null where it is about none in particular. */
export interface ShownAlert {
  readonly at: string;
  readonly about: AskedAbout;
  readonly patient: string | null;
  /** Of an alert about several patients; null where none are known. */
  readonly charts: ShownCharts | null;
}

export interface ShownQuestion {
  readonly id: string;
  readonly day: string;
  readonly alerts: readonly ShownAlert[];
  readonly moreAlerts: number;
  /** `text` is null for the gateway's own question. */
  readonly said: readonly { readonly at: string; readonly by: 'you' | 'reviewer' | 'askedBy'; readonly text: string | null }[];
  /** Null where no question waits for an answer. */
  readonly asked: { readonly dueBy: string; readonly overdue: boolean; readonly postponementsLeft: number } | null;
}

export interface QuestionPageParts {
  readonly clinic: PageClinic;
  /** Form target, a path of ours with its query. */
  readonly action: string;
  /** Where the person was going. */
  readonly back: string;
  readonly questions: readonly ShownQuestion[];
  readonly more: number;
  readonly told: { readonly good: boolean; readonly says: 'sent' | 'quiet' | 'empty' | 'tooLong' | 'gone' } | null;
}

type Said = Words['question'];

export function questionPage({ clinic, action, back, questions, more, told }: QuestionPageParts): string {
  const words = wordsIn(clinic.language).question;
  const body = html`${
      told !== null &&
      html`<p class="notice" role="${told.good ? 'status' : 'alert'}">
        ${fillText(words[told.says], { most: String(mostStepText) })}
      </p>`
    }
    ${questions.length === 0 ? html`<p>${words.none}</p>` : html`<p>${words.lead}</p>`}
    ${questions.map((one) => section(one, action, words))}
    ${more > 0 && html`<p>${fillText(words.more, { count: String(more) })}</p>`}
    <p class="aside"><a href="${back}">${words.back}</a></p>`;
  return layout({ title: words.title, clinic, body });
}

function section(one: ShownQuestion, action: string, words: Said): Markup {
  return html`<section aria-labelledby="of-${one.id}">
    <h2 id="of-${one.id}">${fillText(words.heading, { day: one.day })}</h2>
    <ul>
      ${one.alerts.map((alert) => html`<li>${alert.at}: ${aboutWords(alert, words)}${alert.charts !== null && chartList(alert.charts, words)}</li>`)}
      ${one.moreAlerts > 0 && html`<li>${fillText(words.moreAlerts, { count: String(one.moreAlerts) })}</li>`}
    </ul>
    ${one.said.map(
      ({ at, by, text }) =>
        html`<p class="small">${words[by]}, ${at}</p>
          <blockquote>${text ?? words.asked}</blockquote>`,
    )}
    ${form(one, action, words)}
  </section>`;
}

function aboutWords({ about, patient }: ShownAlert, words: Said): string {
  if (patient === null) return about === 'chart' || about === 'charts' ? words.severalPatients : words.about[about];
  const named = fillText(words.about[about], { patient });
  return about === 'chart' || about === 'charts' ? named : `${named} ${fillText(words.forPatient, { patient })}`;
}

function chartList({ from, until, names, more, isCut }: ShownCharts, words: Said): Markup {
  const rest = isCut ? words.atLeastMoreCharts : words.moreCharts;
  return html`<div>${fillText(words.charts, { from, until })}</div>
    <ul>
      ${names.map((name) => html`<li>${name}</li>`)}
      ${more > 0 && html`<li>${fillText(names.length === 0 ? words.unnamedCharts : rest, { count: String(more) })}</li>`}
    </ul>`;
}

function form({ id, asked }: ShownQuestion, action: string, words: Said): Markup {
  return html`<form method="post" action="${action}">
    <input type="hidden" name="case" value="${id}" />
    ${asked !== null && asked.overdue && html`<p class="notice">${words.overdue}</p>`}
    ${asked !== null && !asked.overdue && html`<p class="hint">${fillText(words.due, { time: asked.dueBy })}</p>`}
    ${
      asked !== null &&
      html`<fieldset>
        <legend>${words.reasonsLegend}</legend>
        ${(Object.keys(words.reasons) as QuestionReason[]).map(
          (key) =>
            html`<label class="tick"
              ><input type="radio" name="reason" value="${key}" /> <span>${words.reasons[key]}</span></label
            >`,
        )}
      </fieldset>`
    }
    <label for="text-${id}">${asked === null ? words.message : words.text}</label>
    <textarea id="text-${id}" name="text" maxlength="${mostStepText - 100}" rows="3"></textarea>
    <button type="submit" name="does" value="answer">${words.send}</button>
    ${
      asked !== null &&
      asked.postponementsLeft > 0 &&
      html`<button class="plain" type="submit" name="does" value="later">
        ${fillText(asked.postponementsLeft === 1 ? words.laterLast : words.later, { left: String(asked.postponementsLeft) })}
      </button>`
    }
  </form>`;
}
