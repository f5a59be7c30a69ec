// The pages of the second factor: asking for a code, setting one up, and the recovery codes, shown once.

import { html, trustedMarkup } from './html.ts';
import type { Child } from './html.ts';
import { layout } from './layout.ts';
import type { PageClinic } from './layout.ts';

export interface CodePageParts {
  readonly clinic: PageClinic;
  readonly title: string;
  readonly lead: string;
  /** Form target, a path of ours with its query. */
  readonly action: string;
  /** What was wrong with the last try; null at first. */
  readonly problem: string | null;
}

/** Asks for the code; a recovery code fits the same field. */
export function codePage({ clinic, title, lead, action, problem }: CodePageParts): string {
  const body = html`<p>${lead}</p>
    ${noticeOf(problem)}
    <form method="post" action="${action}">
      ${codeField('The six digits your authenticator app shows now')}
      <button type="submit">Go on</button>
      <details>
        <summary>Use a recovery code</summary>
        <p class="hint">
          Type one of the recovery codes you printed into the same field. Each works once. Without one, ask ${clinic.help} to
          reset your second factor.
        </p>
      </details>
    </form>`;
  return layout({ title, clinic, body });
}

export interface EnrolPageParts {
  readonly clinic: PageClinic;
  readonly action: string;
  readonly problem: string | null;
  readonly account: string;
  /** SVG drawn by us. */
  readonly qrCode: string;
  /** Base 32. */
  readonly secret: string;
}

/** Shows the secret as a picture and as text, and asks for one code to prove that it arrived. */
export function enrolPage({ clinic, action, problem, account, qrCode, secret }: EnrolPageParts): string {
  const groups = secret.match(/.{1,4}/g)?.join(' ') ?? secret;
  const body = html`${noticeOf(problem)}
    <p>You sign in with a code from your phone as well as your password. This is set up once.</p>
    <ol>
      <li>Open an authenticator app on your phone and choose to add an account.</li>
      <li>Scan this picture with it.</li>
      <li>Type the six digits the app then shows.</li>
    </ol>
    <div class="qr" role="img" aria-label="QR code for your authenticator app">${trustedMarkup(qrCode)}</div>
    <details>
      <summary>I cannot scan it</summary>
      <p class="hint">Choose to enter a key by hand, account ${account}, time based:</p>
      <p class="secret">${groups}</p>
    </details>
    <form method="post" action="${action}">
      ${codeField('The six digits')}
      <button type="submit">Confirm</button>
    </form>`;
  return layout({ title: 'Set up your second factor', clinic, body });
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

function codeField(label: string): Child {
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
      autofocus
    />`;
}

function noticeOf(problem: string | null): Child {
  return problem !== null && html`<p class="notice bad" role="alert">${problem}</p>`;
}
