// The page that unlocks a session where the EHR's page has no cover of its own: a browser without script, a page that the
// script was not added to, a link that was opened meanwhile. Shows nothing of what was asked for.

import { codeField, noticeOf } from './factor-pages.ts';
import { fillText } from './fill-text.ts';
import { html } from './html.ts';
import type { Child } from './html.ts';
import { layout } from './layout.ts';
import type { PageClinic } from './layout.ts';
import { pinField } from './pin-field.ts';
import { passkeyForm, passkeyScripts } from './passkey-form.ts';
import { wordsIn } from './words-in.ts';

export interface UnlockPageParts {
  readonly clinic: PageClinic;
  /** Whose session is locked. */
  readonly name: string;
  /** Why it is locked. */
  readonly says: 'lockedFor' | 'lockedBack' | 'lockedSilent';
  /** Whether this person has a PIN for this device. */
  readonly takesPin: boolean;
  /** Until when it can be unlocked, `14:35`. */
  readonly until: string;
  /** Whether this person has a code to type. */
  readonly takesCode: boolean;
  /** Where a passkey's challenge comes from; absent where the person has none. */
  readonly passkey?: string;
  readonly action: string;
  /** Where the person goes once it is unlocked. */
  readonly back: string;
  /** Where the sign-in service asks for the person instead. */
  readonly provider: string;
  readonly problem: string | null;
}

export function unlockPage(parts: UnlockPageParts): string {
  const { clinic, name, says, until, takesPin, takesCode, passkey, action, back, provider, problem } = parts;
  const texts = wordsIn(clinic.language).lock;
  const form = html`<form method="post" action="${action}">
    ${codeField(texts.code, passkey === undefined && !takesPin)}
    <button type="submit" class="${passkey === undefined && !takesPin ? '' : 'plain'}">${texts.unlock}</button>
  </form>`;
  const body = html`<p>${fillText(texts[says], { name })}</p>
    <p>${fillText(texts.untilAway, { time: until })}</p>
    ${noticeOf(problem)} ${takesPin && pinForm(clinic, action)}
    ${passkey !== undefined && passkeyForm({ clinic, action, options: passkey, does: 'get', label: texts.passkey })}
    ${takesCode && form}
    <p class="aside"><a href="${provider}" target="_top">${texts.provider}</a></p>
    <p class="aside"><a href="/.wardgate/sign-in" target="_top">${texts.somebodyElse}</a></p>
    <a data-unlocked href="${back}" hidden>${texts.unlock}</a>`;
  return layout({
    title: texts.locked,
    clinic,
    body,
    scripts: ['unlocked.js', ...(passkey === undefined ? [] : passkeyScripts)],
  });
}

function pinForm({ language }: PageClinic, action: string): Child {
  const texts = wordsIn(language).lock;
  return html`<form method="post" action="${action}">
    <label for="pin">${texts.pin}</label>
    ${pinField('pin', true)}
    <button type="submit">${texts.unlock}</button>
  </form>`;
}

/** Closes itself where a script opened it, and tells the other tabs. */
export function unlockedPage({ clinic }: { readonly clinic: PageClinic }): string {
  const texts = wordsIn(clinic.language).lock;
  const body = html`<p data-tell>${texts.closeThis}</p>
    <p><a class="button" href="/">${texts.start}</a></p>`;
  return layout({ title: texts.unlocked, clinic, body, scripts: ['unlocked.js'] });
}
