// The pages of the second factor: asking for a code, setting one up, and the recovery codes, shown once.

import { html, trustedMarkup } from './html.ts';
import type { Child } from './html.ts';
import { layout } from './layout.ts';
import type { PageClinic } from './layout.ts';
import { passkeyForm, passkeyScripts } from './passkey-form.ts';
import { rememberBox } from './remember-box.ts';
import type { RememberParts } from './remember-box.ts';

export interface CodePageParts {
  readonly clinic: PageClinic;
  readonly title: string;
  readonly lead: string;
  /** Form target, a path of ours with its query. */
  readonly action: string;
  /** What was wrong with the last try; null at first. */
  readonly problem: string | null;
  /** Where somebody goes whom the sign-in service takes for another: shared computers remember the last person. */
  readonly notYou?: string;
  /** A code from an app or only a recovery code, or none at all (null); and where a passkey's challenge comes from. */
  readonly takes: { readonly code: boolean | null; readonly passkey: string | null };
  /** Offered to whoever may ask not to be asked again here; absent where nobody may. */
  readonly remember?: RememberParts;
  /** Another page to go to. */
  readonly instead?: { readonly href: string; readonly label: string };
}

/** Asks for the code; a recovery code fits the same field. */
export function codePage({ clinic, title, lead, action, problem, notYou, takes, remember, instead }: CodePageParts): string {
  const { code, passkey } = takes;
  const box = remember !== undefined && rememberBox(remember);
  const hint = html`<details>
    <summary>I do not have my phone</summary>
    <p class="hint">
      Type one of the recovery codes you kept into the same field. Each works once. If you have none, ask ${clinic.help}.
    </p>
  </details>`;
  const typed = html`<form method="post" action="${action}">
    ${codeField(code === true ? 'Six digits from the app' : 'Recovery code', passkey === null)} ${box}
    <button type="submit" class="${passkey === null ? '' : 'plain'}">Go on</button>
    ${code === true && hint}
  </form>`;
  const body = html`<p>
      ${lead}${code === true && passkey === null && ' Type the code from the authenticator app on your phone.'}
    </p>
    ${noticeOf(problem)}
    ${passkey !== null && passkeyForm({ action, options: passkey, does: 'get', label: 'Use a passkey', also: box })}
    ${code !== null && typed} ${instead !== undefined && html`<a class="button" href="${instead.href}">${instead.label}</a>`}
    ${notYou !== undefined && html`<p class="aside"><a href="${notYou}">Not you? Sign in as somebody else</a></p>`}`;
  return layout({ title, clinic, body, scripts: passkey === null ? [] : passkeyScripts });
}

export interface EnrolPageParts {
  readonly clinic: PageClinic;
  readonly action: string;
  readonly problem: string | null;
  /** Where a passkey's challenge comes from; absent where none are offered. */
  readonly passkey?: string;
  /** Absent where codes are not offered. */
  readonly code?: EnrolCode;
}

export interface EnrolCode {
  readonly account: string;
  /** SVG drawn by us. */
  readonly qrCode: string;
  /** Base 32. */
  readonly secret: string;
  /** `otpauth:` address of the same secret, for whoever reads this page on the phone itself. */
  readonly uri?: string;
}

/** Offers what may be set up: a passkey, a code, or either. */
export function enrolPage({ clinic, action, problem, passkey, code }: EnrolPageParts): string {
  const withPasskey =
    passkey !== undefined &&
    html`<p>
        ${code === undefined ? 'From now on' : 'Either'} you sign in with your password and a passkey: a key that you plug in, or
        this device with its fingerprint reader or PIN. You set this up once.
      </p>
      ${passkeyForm({ action, options: passkey, does: 'create', label: 'Set up a passkey' })}
      <noscript><p>Your browser runs no scripts, and a passkey needs one.</p></noscript>`;
  const body = html`${noticeOf(problem)} ${withPasskey}
  ${code !== undefined && enrolCode({ clinic, action, code, isSecond: passkey !== undefined })}`;
  return layout({
    title: code === undefined || passkey !== undefined ? 'Set up your sign-in' : 'Set up your sign-in code',
    clinic,
    body,
    scripts: passkey === undefined ? [] : passkeyScripts,
  });
}

/** Shows the secret as a picture and as text, and asks for one code to prove that it arrived. */
function enrolCode(parts: {
  readonly clinic: PageClinic;
  readonly action: string;
  readonly code: EnrolCode;
  readonly isSecond: boolean;
}): Child {
  const { clinic, action, isSecond } = parts;
  const { account, qrCode, secret, uri } = parts.code;
  const groups = secret.match(/.{1,4}/g)?.join(' ') ?? secret;
  return html`<p>
      ${isSecond ? 'Or you' : 'From now on you'} sign in with your password and a code from your phone. You set this up once.
    </p>
    <ol class="steps">
      <li>
        Open the authenticator app on your phone and add an account. If you have no such app, ask ${clinic.help} which one to use.
      </li>
      <li>Scan this picture with the app.</li>
      <li>Type the six digits the app then shows.</li>
    </ol>
    <div class="qr" role="img" aria-label="QR code for your authenticator app">${trustedMarkup(qrCode)}</div>
    <details>
      <summary>I cannot scan it</summary>
      <p class="hint">In the app, choose to type a key. The account is ${account}, the kind is time based, and the key is:</p>
      <p class="secret">${groups}</p>
      ${uri !== undefined && html`<p class="hint">Reading this on the phone? <a href="${uri}">Open it in the app</a></p>`}
    </details>
    <form method="post" action="${action}">
      ${codeField('Six digits from the app', !isSecond)}
      <button type="submit" class="${isSecond ? 'plain' : ''}">Confirm</button>
    </form>`;
}

/** The recovery codes, once. */
export function recoveryCodesPage(parts: {
  readonly clinic: PageClinic;
  readonly codes: readonly string[];
  readonly next: string;
}): string {
  const { clinic, codes, next } = parts;
  const body = html`<p>
      If you are without your phone, one of these codes lets you in instead. Each works once. Print them or write them down now:
      they are not shown again.
    </p>
    <ol class="codes">
      ${codes.map((code) => html`<li>${code}</li>`)}
    </ol>
    <button type="button" class="plain" data-print hidden>Print</button>
    <a class="button" href="${next}">I have kept them, go on</a>`;
  return layout({ title: 'Your recovery codes', clinic, body, scripts: ['print.js'] });
}

/** The field for a code; a recovery code fits as well. */
export function codeField(label: string, takesFocus = true): Child {
  return html`<label for="code">${label}</label>
    <input
      id="code"
      name="code"
      type="text"
      inputmode="text"
      autocomplete="one-time-code"
      autocapitalize="characters"
      spellcheck="false"
      maxlength="60"
      required
      ${takesFocus && html`autofocus`}
    />`;
}

/** What was wrong with the last try. */
export function noticeOf(problem: string | null): Child {
  return problem !== null && html`<p class="notice bad" role="alert">${problem}</p>`;
}
