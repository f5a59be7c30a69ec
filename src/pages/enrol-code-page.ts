// Asks somebody who sets up their first second factor away from the clinic for the code that IT gave them.

import { html } from './html.ts';
import { layout } from './layout.ts';
import type { PageClinic } from './layout.ts';

const words = {
  title: 'A second factor cannot be set up from here',
  lead: 'You have no second factor yet. It is set up at the clinic, so that nobody who only knows your password can do it for you.',
  away: 'Are you somewhere else? Ask {help} for a code, and type it here. It works once.',
  notYou: 'Did you not want to sign in just now? Then somebody may know your password: tell {help}.',
  label: 'Code from IT',
  button: 'Go on',
  wrong: 'This code is not right, was used before, or is too old. Ask for a new one.',
  blocked: 'Too many wrong codes. Wait a quarter of an hour, or come to the clinic.',
  leave: 'Sign out',
} as const;

export interface EnrolCodePageParts {
  readonly clinic: PageClinic;
  /** Form target, a path of ours with its query. */
  readonly action: string;
  readonly problem: 'none' | 'wrong' | 'blocked';
  readonly requestId: string;
}

export function enrolCodePage({ clinic, action, problem, requestId }: EnrolCodePageParts): string {
  const said = (text: string): string => text.replace('{help}', clinic.help);
  const body = html`${problem !== 'none' && html`<p class="notice bad" role="alert">${words[problem]}</p>`}
    <p>${words.lead}</p>
    <p>${said(words.away)}</p>
    <form method="post" action="${action}">
      <label for="enrol-code">${words.label}</label>
      <input
        id="enrol-code"
        name="enrol-code"
        type="text"
        autocomplete="one-time-code"
        autocapitalize="characters"
        spellcheck="false"
        maxlength="60"
        required
        autofocus
      />
      <button type="submit">${words.button}</button>
      <a class="button plain" href="/.wardgate/sign-out">${words.leave}</a>
    </form>
    <p class="aside small">${said(words.notYou)}</p>`;
  return layout({ title: words.title, clinic, body, requestId });
}
