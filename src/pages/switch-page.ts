// Who is next at this desk: the people who signed in here lately, and anybody else. And the short page on the way to the
// sign-in service, which tells the other tabs of this browser that their person has left.

import { fillText } from './fill-text.ts';
import { html } from './html.ts';
import { layout } from './layout.ts';
import type { PageClinic } from './layout.ts';
import { wordsIn } from './words-in.ts';

export interface SwitchPageParts {
  readonly clinic: PageClinic;
  /** Name of the shared device; null for any other browser. */
  readonly desk: string | null;
  readonly people: readonly { readonly id: string; readonly name: string }[];
  /** Whoever is signed in in this browser. */
  readonly present: { readonly name: string; readonly isLocked: boolean } | null;
  readonly mayLeaveList: boolean;
}

const action = '/.wardgate/switch';

export function switchPage({ clinic, desk, people, present, mayLeaveList }: SwitchPageParts): string {
  const words = wordsIn(clinic.language).switching;
  const name = present?.name ?? '';
  const named = (text: string): string => fillText(text, { name });
  const list = desk === null ? words.unknown : people.length === 0 ? words.nobody : fillText(words.at, { desk });
  const body = html`${present !== null && html`<p>${named(present.isLocked ? words.locked : words.present)}</p>`}
    <p id="list">${list}</p>
    <form method="post" action="${action}" class="tiles" aria-labelledby="list">
      ${people.map((person) => html`<button type="submit" name="person" value="${person.id}">${person.name}</button>`)}
      <button type="submit" name="person" value="" class="plain">${words.else}</button>
    </form>
    ${
      mayLeaveList &&
      html`<form method="post" action="${action}">
        <button type="submit" name="forget" value="1" class="plain">${words.forget}</button>
      </form>`
    }
    ${
      present !== null &&
      html`<p class="aside">
        <a href="${present.isLocked ? '/.wardgate/unlock' : '/'}">${named(present.isLocked ? words.unlock : words.stay)}</a>
      </p>`
    }`;
  return layout({ title: words.title, clinic, body });
}

/** `to`: the provider's address. */
export function leavingPage({ clinic, to }: { readonly clinic: PageClinic; readonly to: string }): string {
  const words = wordsIn(clinic.language).switching;
  const body = html`<p>${words.asks}</p>
    <p><a class="button" data-leaving href="${to}">${words.goOn}</a></p>`;
  return layout({ title: words.leaving, clinic, body, scripts: ['leaving.js'] });
}
