// What a person sees when the answer is no, or when something broke: what happened and why, what they can do, and whom to
// ask with what to read out. Never shows internals, and never more of the address than its path.

import type { FaultCode } from '../core/faults.ts';
import type { Reason } from '../core/reasons.ts';
import { fill } from './fill.ts';
import { html } from './html.ts';
import type { Child } from './html.ts';
import { layout } from './layout.ts';
import type { PageClinic } from './layout.ts';
import type { Words } from './languages/en.ts';
import { wordsIn } from './words-in.ts';

/** A button that leads somewhere. `wholeWindow`: out of the frame in which the page may stand. */
export interface PageLink {
  readonly href: string;
  readonly label: string;
  readonly wholeWindow?: boolean;
}

export interface RefusalPageParts {
  readonly clinic: PageClinic;
  /** One sentence for this case, in English as it stands in the record, without its full stop; null where there is none. */
  readonly detail: string | null;
  /** A sentence for this case in the language of the page. */
  readonly says?: string | undefined;
  /** What the EHR's page said, in its own words. */
  readonly quote?: string;
  /** The reason or fault code, for whoever is asked. */
  readonly reason: Reason | FaultCode;
  readonly rule: string | null;
  readonly requestId: string;
  /** The canonical path that was asked for. */
  readonly path?: string | null;
  /** Who is signed in; on a shared computer that is often somebody else. */
  readonly person?: { readonly displayName: string; readonly roles: readonly string[] } | null;
  /** Where the person can put it right. */
  readonly remedy?: PageLink;
  /** What else is to be done, after the remedy. */
  readonly also?: PageLink;
  /** What stands in the form with which a person asks for what was refused; absent where asking is of no use. */
  readonly ask?: string | null;
  /** Whether to offer the start page; false inside a frame, which would hold it within itself. */
  readonly offersStart?: boolean;
}

/** The longest path shown, characters. */
const longestPath = 200;

/** A whole document. */
export function refusalPage(parts: RefusalPageParts): string {
  const { clinic, detail, says, quote, reason, remedy, also, offersStart } = parts;
  const { titles, advice, refusal: words } = wordsIn(clinic.language);
  const start = offersStart === true && html`<a class="button plain" href="/">${words.start}</a>`;
  const body = html`
    ${says !== undefined && html`<p class="lead">${says}</p>`} ${detailOf(detail, clinic)} ${quoteOf(quote, words)}
    <h2>${words.whatToDo}</h2>
    <p>${advice[reason]}</p>
    ${askForm(parts)}
    <p class="ways">${linkTo(remedy, 'button')}${linkTo(also, 'button plain')}${start}</p>
    <h2>${words.whomToAsk}</h2>
    <p>${fill(words.ask, { help: html`<strong>${clinic.help}</strong>` })}</p>
    <dl>${rowsOf(parts, words)}</dl>
  `;
  return layout({ title: titles[reason], clinic, body });
}

/** The core's own sentence, which stands in the record as well: English on every page, and said to be. */
function detailOf(detail: string | null, { language }: PageClinic): Child {
  if (detail === null) return null;
  return language === 'en'
    ? html`<p class="lead">${sentence(detail)}</p>`
    : html`<p class="lead" lang="en">${sentence(detail)}</p>`;
}

/** One form, closed until somebody wants it: most people have only opened the wrong page. */
function askForm({ ask, clinic }: RefusalPageParts): Child {
  if (ask === undefined || ask === null) return null;
  const words = wordsIn(clinic.language).ask;
  return html`<details class="ask">
    <summary>${words.open}</summary>
    <form method="post" action="/.wardgate/ask-access">
      <input type="hidden" name="asked" value="${ask}" />
      <label for="why">${words.why}</label>
      <textarea id="why" name="why" maxlength="500" aria-describedby="why-hint"></textarea>
      <p class="hint" id="why-hint">${fill(words.hint, { help: clinic.help })}</p>
      <button type="submit">${words.button}</button>
    </form>
  </details>`;
}

function quoteOf(text: string | undefined, { ehrSays }: Words['refusal']): Child {
  if (text === undefined || text === '') return null;
  return html`<p>${ehrSays}</p>
    <blockquote>${text}</blockquote>`;
}

function linkTo(link: PageLink | undefined, look: string): Child {
  if (link === undefined) return null;
  const { href, label, wholeWindow = false } = link;
  if (wholeWindow) return html`<a class="${look}" href="${href}" target="_top">${label}</a>`;
  return html`<a class="${look}" href="${href}">${label}</a>`;
}

function rowsOf({ path, person, rule, reason, requestId }: RefusalPageParts, words: Words['refusal']): Child {
  return [
    html`<dt>${words.request}</dt>
      <dd><code>${requestId}</code></dd>`,
    rule !== null &&
      html`<dt>${words.rule}</dt>
        <dd>${rule}</dd>`,
    html`<dt>${words.reason}</dt>
      <dd><code>${reason}</code></dd>`,
    typeof path === 'string' &&
      html`<dt>${words.page}</dt>
        <dd><code>${path.length > longestPath ? `${path.slice(0, longestPath)}…` : path}</code></dd>`,
    person !== undefined &&
      person !== null &&
      html`<dt>${words.signedInAs}</dt>
        <dd>
          ${fill(words.person, { name: person.displayName, roles: person.roles.join(', ') })}
          <a href="/.wardgate/sign-out" target="_top">${words.notYou}</a>
        </dd>`,
  ];
}

/** Reasons are worded without a full stop, because they also stand in records. */
function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
