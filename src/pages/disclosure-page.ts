// The question about a download: whether it leaves treatment, payment and operations. "No" is one tap; "yes" opens the form with
// what 45 CFR 164.528 wants to be told. And the list of those that wait for a word. Never shows what is in the file.

import { bases } from '../core/disclosures/disclosure.ts';
import { mostDisclosed } from '../core/disclosures/read-disclosure.ts';
import type { WrittenDisclosure } from '../core/disclosures/read-disclosure.ts';
import { fillText } from './fill-text.ts';
import { html } from './html.ts';
import type { Child, Markup } from './html.ts';
import type { Words } from './languages/en.ts';
import { layout } from './layout.ts';
import type { PageClinic } from './layout.ts';
import { wordsIn } from './words-in.ts';

export interface DisclosurePageParts {
  readonly clinic: PageClinic;
  readonly action: string;
  /** What it is about, one sentence in the language of the page. */
  readonly about: string;
  /** It has gone out already, in an emergency. */
  readonly isOwed: boolean;
  /** The download names its patient, so that nobody need be named. */
  readonly namesPatient: boolean;
  /** What was typed; what is filled in beforehand where nothing was yet. */
  readonly written: WrittenDisclosure;
  /** Whether "yes" was said, and the form for it stands open. */
  readonly isOpen: boolean;
  /** What is wrong with it; null where nothing is, or nothing was sent yet. */
  readonly problem: string | null;
  /** "The same for my next downloads", where IT allows it. */
  readonly next: string | null;
}

type Said = Words['disclosure'];

export function disclosurePage(parts: DisclosurePageParts): string {
  const { clinic, action, about, isOwed } = parts;
  const words = wordsIn(clinic.language).disclosure;
  const body = html`<p>${about}</p>
    <p class="lead">${words.question}</p>
    <form method="post" action="${action}">
      <button type="submit" name="leaves" value="no">${words.no}</button>
    </form>
    ${parts.isOpen ? yesForm(parts, words) : html`<p class="ways"><a class="button plain" href="${action}&yes=1">${words.yes}</a></p>`}
    ${
      !isOwed &&
      html`<form method="post" action="${action}">
        <button type="submit" name="leaves" value="cancel" class="plain">${words.cancel}</button>
      </form>`
    }
    <p class="aside">${words.why}</p>`;
  return layout({ title: isOwed ? words.owedTitle : words.title, clinic, body });
}

function yesForm(parts: DisclosurePageParts, words: Said): Markup {
  const { action, problem, written, namesPatient, next, isOwed } = parts;
  return html`<h2>${words.yes}</h2>
    ${problem !== null && html`<p class="notice bad" role="alert">${problem}</p>`}
    <form method="post" action="${action}">
      ${text('recipient', words.recipient, written, true)} ${text('address', words.address, written, false)}
      ${text('description', words.description, written, true)} ${text('purpose', words.purpose, written, true)}
      ${basisChoice(words, written)} ${!namesPatient && patients(words, written)}
      ${next !== null && html`<label class="tick"><input type="checkbox" name="next" value="yes" /> ${next}</label>`}
      <button type="submit" name="leaves" value="yes">${isOwed ? words.saveOwed : words.save}</button>
    </form>`;
}

function text(
  name: 'recipient' | 'address' | 'description' | 'purpose',
  label: string,
  written: WrittenDisclosure,
  isNeeded: boolean,
): Markup {
  const value = written[name] ?? '';
  return html`<label for="${name}">${label}</label> ${
      isNeeded
        ? html`<input
            id="${name}"
            name="${name}"
            value="${value}"
            maxlength="${mostDisclosed[name]}"
            autocomplete="off"
            required
          />`
        : html`<input id="${name}" name="${name}" value="${value}" maxlength="${mostDisclosed[name]}" autocomplete="off" />`
    }`;
}

function basisChoice(words: Said, { basis = '' }: WrittenDisclosure): Markup {
  return html`<label for="basis">${words.basis}</label>
    <select id="basis" name="basis" required>
      <option value="">${words.choose}</option>
      ${bases.map((one) =>
        one === basis
          ? html`<option value="${one}" selected>${words.bases[one]}</option>`
          : html`<option value="${one}">${words.bases[one]}</option>`,
      )}
    </select>`;
}

function patients(words: Said, written: WrittenDisclosure): Markup {
  return html`<label for="patients">${words.patients}</label>
    <textarea id="patients" name="patients" autocomplete="off">${`\n${written.patients ?? ''}`}</textarea>
    <label for="count">${words.count}</label>
    <input id="count" name="count" inputmode="numeric" maxlength="7" value="${written.count ?? ''}" autocomplete="off" />`;
}

export interface WaitingDownload {
  readonly href: string;
  readonly what: string;
}

/** What waits for a word of this person. */
export function waitingDownloadsPage(parts: {
  readonly clinic: PageClinic;
  readonly open: readonly WaitingDownload[];
  readonly owed: readonly WaitingDownload[];
}): string {
  const words = wordsIn(parts.clinic.language).disclosure;
  const list = (title: string, all: readonly WaitingDownload[]): Child =>
    all.length > 0 &&
    html`<h2>${title}</h2>
      <ul>
        ${all.map(({ href, what }) => html`<li><a href="${href}">${fillText(words.answer, { what })}</a></li>`)}
      </ul>`;
  const body = html`${parts.open.length + parts.owed.length === 0 && html`<p>${words.none}</p>`} ${list(words.open, parts.open)}
    ${list(words.owed, parts.owed)}
    <p class="aside"><a href="/.wardgate/me">${words.back}</a></p>`;
  return layout({ title: words.listTitle, clinic: parts.clinic, body });
}
