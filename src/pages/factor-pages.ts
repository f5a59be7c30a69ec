// The pages of the second factor: asking for a code, setting one up, and the recovery codes, shown once.

import { fill } from './fill.ts';
import { html, trustedMarkup } from './html.ts';
import type { Child } from './html.ts';
import { minutesIn } from './in-language.ts';
import { layout } from './layout.ts';
import type { PageClinic } from './layout.ts';
import { passkeyForm, passkeyScripts } from './passkey-form.ts';
import { rememberBox } from './remember-box.ts';
import type { RememberParts } from './remember-box.ts';
import { wordsIn } from './words-in.ts';

export interface CodePageParts {
  readonly clinic: PageClinic;
  readonly title: string;
  readonly lead: string;
  /** Form target, a path of ours with its query. */
  readonly action: string;
  /** What was wrong with the last try; null at first. */
  readonly problem: string | null;
  /** How long this stays open, where it does not stay for ever, seconds (WCAG 2.2.6). */
  readonly limitSeconds?: number;
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
export function codePage(parts: CodePageParts): string {
  const { clinic, title, lead, action, problem, limitSeconds, notYou, takes, remember, instead } = parts;
  const { code, passkey } = takes;
  const words = wordsIn(clinic.language);
  const { factor } = words;
  const box = remember !== undefined && rememberBox(clinic.language, remember);
  const hint = html`<details>
    <summary>${factor.noPhone}</summary>
    <p class="hint">${fill(factor.noPhoneHint, { help: clinic.help })}</p>
  </details>`;
  const typed = html`<form method="post" action="${action}">
    ${codeField(code === true ? factor.code : factor.recoveryCode, passkey === null)} ${box}
    <button type="submit" class="${passkey === null ? '' : 'plain'}">${factor.button}</button>
    ${code === true && hint}
  </form>`;
  const body = html`<p>${lead}${code === true && passkey === null && ` ${factor.typeCode}`}</p>
    ${noticeOf(problem)}
    ${passkey !== null && passkeyForm({ clinic, action, options: passkey, does: 'get', label: words.passkey.use, also: box })}
    ${code !== null && typed} ${limitSeconds !== undefined && limitOf(factor.limit, clinic, limitSeconds)}
    ${instead !== undefined && html`<a class="button" href="${instead.href}">${instead.label}</a>`}
    ${notYou !== undefined && html`<p class="aside"><a href="${notYou}">${factor.notYou}</a></p>`}`;
  return layout({ title, clinic, body, scripts: passkey === null ? [] : passkeyScripts });
}

export interface EnrolPageParts {
  readonly clinic: PageClinic;
  readonly action: string;
  readonly problem: string | null;
  /** As on the page that asks for a code. */
  readonly limitSeconds: number;
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
export function enrolPage({ clinic, action, problem, limitSeconds, passkey, code }: EnrolPageParts): string {
  const words = wordsIn(clinic.language).enrol;
  const withPasskey =
    passkey !== undefined &&
    html`<p>${code === undefined ? words.passkeyOnly : words.passkeyFirst}</p>
      ${passkeyForm({ clinic, action, options: passkey, does: 'create', label: words.passkey })}
      <noscript><p>${words.noScript}</p></noscript>`;
  const body = html`${noticeOf(problem)} ${withPasskey}
  ${code !== undefined && enrolCode({ clinic, action, code, isSecond: passkey !== undefined })}
  ${limitOf(words.limit, clinic, limitSeconds)}`;
  return layout({
    title: code === undefined || passkey !== undefined ? words.title : words.codeTitle,
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
  const words = wordsIn(clinic.language);
  const { enrol } = words;
  const groups = secret.match(/.{1,4}/g)?.join(' ') ?? secret;
  return html`<p class="${isSecond ? 'or' : ''}">${isSecond ? enrol.codeSecond : enrol.codeOnly}</p>
    <ol class="steps">
      <li>${fill(enrol.open, { help: clinic.help })}</li>
      <li>${enrol.scan}</li>
      <li>${enrol.type}</li>
    </ol>
    <div class="qr" role="img" aria-label="${enrol.picture}">${trustedMarkup(qrCode)}</div>
    <details>
      <summary>${enrol.cannotScan}</summary>
      <p class="hint">${fill(enrol.byHand, { account })}</p>
      <p class="secret">${groups}</p>
      ${uri !== undefined && html`<p class="hint">${enrol.onPhone} <a href="${uri}">${enrol.openInApp}</a></p>`}
    </details>
    <form method="post" action="${action}">
      ${codeField(words.factor.code, !isSecond)}
      <button type="submit" class="${isSecond ? 'plain' : ''}">${enrol.confirm}</button>
    </form>`;
}

/** The recovery codes, once. */
export function recoveryCodesPage(parts: {
  readonly clinic: PageClinic;
  readonly codes: readonly string[];
  readonly next: string;
}): string {
  const { clinic, codes, next } = parts;
  const words = wordsIn(clinic.language).recovery;
  const body = html`<p>${words.text}</p>
    <ol class="codes">
      ${codes.map((code) => html`<li>${code}</li>`)}
    </ol>
    <button type="button" class="plain" data-print hidden>${words.print}</button>
    <a class="button" href="${next}">${words.done}</a>`;
  return layout({ title: words.title, clinic, body, scripts: ['print.js'] });
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

function limitOf(text: string, { language }: PageClinic, seconds: number): Child {
  return html`<p class="hint limit">${fill(text, { time: minutesIn(language, seconds) })}</p>`;
}

/** What was wrong with the last try. */
export function noticeOf(problem: string | null): Child {
  return problem !== null && html`<p class="notice bad" role="alert">${problem}</p>`;
}
