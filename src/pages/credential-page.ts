// The page on which a person enters what they use in the EHR itself, replaces it or takes it away, with what the EHR said to
// the last try. Never holds a password: neither the one that is stored nor the one just typed.

import { unreachable } from '../core/unreachable.ts';
import { fill } from './fill.ts';
import { fillText } from './fill-text.ts';
import { html } from './html.ts';
import type { Child } from './html.ts';
import { layout } from './layout.ts';
import type { PageClinic } from './layout.ts';
import type { Words } from './languages/en.ts';
import { wordsIn } from './words-in.ts';

/** What is wrong, above the form. */
export type CredentialNotice =
  /** Something about what was typed; nothing was sent to the EHR. */
  | { readonly says: 'problem'; readonly text: string }
  /** `colon` where the password holds one and is sent in a way in which some EHRs read it up to there. */
  | { readonly says: 'refused'; readonly colon?: boolean }
  /** `page` is the EHR's own page for a new password, a path of this origin. */
  | { readonly says: 'password-change'; readonly page: string }
  /** `told` is the text of the EHR's page, short and without what was typed. */
  | { readonly says: 'unrecognised'; readonly told: string };

export interface CredentialPageParts {
  readonly clinic: PageClinic;
  readonly application: string;
  /** Form target, a path of ours with its query. */
  readonly action: string;
  /** What the EHR asks beyond name and password, such as `pin`. */
  readonly more: readonly string[];
  /** Whether something is stored, and whether the EHR still takes it; never what. */
  readonly stored: 'nothing' | 'accepted' | 'refused';
  /** The name as typed in the last try; empty at first. */
  readonly username: string;
  readonly notice: CredentialNotice | null;
}

type CredentialWords = Words['credential'];

/** A whole document. */
export function credentialPage(parts: CredentialPageParts): string {
  const { clinic, application, action, more, stored, username, notice } = parts;
  const words = wordsIn(clinic.language).credential;
  const body = html`${noticeOf(notice, clinic)}
    <p>${fill(words.lead, { application })}</p>
    ${standingOf(stored, words)}
    <form method="post" action="${action}">
      <label for="username">${words.name}</label>
      <input
        id="username"
        name="username"
        type="text"
        value="${username}"
        autocomplete="off"
        autocapitalize="none"
        spellcheck="false"
        maxlength="200"
        required
      />
      ${secretField('password', words.password)} ${more.map((name) => secretField(name, labelOf(name, words)))}
      <button type="submit">${stored === 'nothing' ? words.keep : words.replace}</button>
    </form>
    ${stored !== 'nothing' && removal(action, words)}`;
  return layout({ title: words.title[stored], clinic, body });
}

function secretField(name: string, label: string): Child {
  return html`<label for="${name}">${label}</label>
    <input id="${name}" name="${name}" type="password" autocomplete="off" maxlength="500" required />`;
}

/** `pin` → `Your PIN in the EHR`, `second-word` → `Your second word in the EHR`. */
function labelOf(name: string, { other }: CredentialWords): string {
  const field = name.replaceAll(/[_-]+/g, ' ').trim();
  return fillText(other, { field: field.length <= 3 ? field.toUpperCase() : field });
}

function standingOf(stored: CredentialPageParts['stored'], words: CredentialWords): Child {
  if (stored === 'nothing') return null;
  if (stored === 'accepted') return html`<p>${words.stored}</p>`;
  return html`<p class="notice">${words.storedRefused}</p>`;
}

function removal(action: string, words: CredentialWords): Child {
  return html`<form method="post" action="${action}">
    <p class="hint">${words.removeHint}</p>
    <button class="plain" type="submit" name="remove" value="1">${words.remove}</button>
  </form>`;
}

function noticeOf(notice: CredentialNotice | null, clinic: PageClinic): Child {
  if (notice === null) return null;
  const words = wordsIn(clinic.language).credential;
  const help = fill(words.goesOn, { help: html`<strong>${clinic.help}</strong>` });
  switch (notice.says) {
    case 'problem':
      return html`<p class="notice bad" role="alert">${notice.text}</p>`;
    case 'refused':
      return html`<p class="notice bad" role="alert">${words.refused} ${notice.colon === true && words.colon} ${help}</p>`;
    case 'password-change':
      return html`<div class="notice" role="alert">
        <p>${words.change}</p>
        <a class="button" href="${notice.page}" target="_blank" rel="noopener">${words.changePage}</a>
      </div>`;
    case 'unrecognised':
      return html`<div class="notice bad" role="alert">
        <p>${words.unrecognised} ${help}</p>
        ${
          notice.told !== '' &&
          html`<p>${wordsIn(clinic.language).refusal.ehrSays}</p>
            <blockquote>${notice.told}</blockquote>`
        }
      </div>`;
    default:
      return unreachable(notice);
  }
}
