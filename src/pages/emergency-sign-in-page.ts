// Asks for a login name and a code from the sealed envelope, while the identity provider is down. Says the same of a name that
// nobody has, of one that may not, and of a code that is wrong.

import { noticeOf } from './factor-pages.ts';
import { fillText } from './fill-text.ts';
import { html } from './html.ts';
import { layout } from './layout.ts';
import type { PageClinic } from './layout.ts';
import { minutesIn } from './in-language.ts';
import { wordsIn } from './words-in.ts';

export interface EmergencySignInPageParts {
  readonly clinic: PageClinic;
  readonly action: string;
  readonly problem: { readonly is: 'wrong' } | { readonly is: 'blocked'; readonly minutes: number } | null;
}

/** A whole document. */
export function emergencySignInPage({ clinic, action, problem }: EmergencySignInPageParts): string {
  const words = wordsIn(clinic.language).emergencySignIn;
  const told =
    problem === null
      ? null
      : problem.is === 'wrong'
        ? fillText(words.wrong, { help: clinic.help })
        : fillText(words.blocked, { time: minutesIn(clinic.language, problem.minutes * 60) });
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
