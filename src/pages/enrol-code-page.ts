// Asks somebody who sets up their first second factor away from the clinic for the code that IT gave them.

import { fillText } from './fill-text.ts';
import { html } from './html.ts';
import { layout } from './layout.ts';
import type { PageClinic } from './layout.ts';
import { wordsIn } from './words-in.ts';

export interface EnrolCodePageParts {
  readonly clinic: PageClinic;
  /** Form target, a path of ours with its query. */
  readonly action: string;
  readonly problem: 'none' | 'wrong' | 'blocked';
  readonly requestId: string;
}

export function enrolCodePage({ clinic, action, problem, requestId }: EnrolCodePageParts): string {
  const { enrolCode: words, titles } = wordsIn(clinic.language);
  const said = (text: string): string => fillText(text, { help: clinic.help });
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
  return layout({ title: titles['enrolment-not-permitted'], clinic, body, requestId });
}
