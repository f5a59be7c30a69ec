// Asks for a login name and a code from the sealed envelope, while the identity provider is down. Says the same of a name that
// nobody has, of one that may not, and of a code that is wrong.

import { noticeOf } from './factor-pages.ts';
import { html } from './html.ts';
import { layout } from './layout.ts';
import type { PageClinic } from './layout.ts';

const words = {
  title: 'Emergency sign-in',
  lead: 'The sign-in service is down. If the clinic has named you for this, type your login name and one code from the sealed envelope. Your passkey or the app on your phone is asked for next.',
  recorded: 'Every use is reported at once and reviewed afterwards.',
  name: 'Login name',
  code: 'Code from the envelope',
  button: 'Go on',
  wrong: 'That does not open anything. Check the name and the code; each code works once. Otherwise ask {help}.',
  blocked: 'Too many tries. Try again in {minutes} min.',
};

export interface EmergencySignInPageParts {
  readonly clinic: PageClinic;
  readonly action: string;
  readonly problem: { readonly is: 'wrong' } | { readonly is: 'blocked'; readonly minutes: number } | null;
}

/** A whole document. */
export function emergencySignInPage({ clinic, action, problem }: EmergencySignInPageParts): string {
  const told =
    problem === null
      ? null
      : problem.is === 'wrong'
        ? words.wrong.replace('{help}', clinic.help)
        : words.blocked.replace('{minutes}', String(problem.minutes));
  const body = html`<p>${words.lead}</p>
    <p class="notice">${words.recorded}</p>
    ${noticeOf(told)}
    <form method="post" action="${action}">
      <label for="name">${words.name}</label>
      <input id="name" name="name" type="text" autocomplete="username" spellcheck="false" maxlength="255" required autofocus />
      <label for="code">${words.code}</label>
      <input
        id="code"
        name="code"
        type="text"
        autocomplete="off"
        autocapitalize="characters"
        spellcheck="false"
        maxlength="60"
        required
      />
      <button type="submit">${words.button}</button>
    </form>`;
  return layout({ title: words.title, clinic, body });
}
