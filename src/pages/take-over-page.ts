// Asks whether a session elsewhere ends: where it is, since when, and two ways on that both lead in.

import { fillText } from './fill-text.ts';
import { html } from './html.ts';
import type { Markup } from './html.ts';
import type { Words } from './languages/en.ts';
import { layout } from './layout.ts';
import type { PageClinic } from './layout.ts';
import { wordsIn } from './words-in.ts';

export interface ElsewhereShown {
  /** The name of the device or its address; null where nobody knows. */
  readonly place: string | null;
  readonly since: string;
  readonly lastSeen: string;
  readonly isLocked: boolean;
}

export interface TakeOverPageParts {
  readonly clinic: PageClinic;
  readonly action: string;
  readonly others: readonly ElsewhereShown[];
  /** Of the sessions shown, with a space between; nothing else is ended. */
  readonly references: string;
}

export function takeOverPage({ clinic, action, others, references }: TakeOverPageParts): string {
  const words = wordsIn(clinic.language).takeOver;
  const named = html`<input type="hidden" name="sessions" value="${references}" />`;
  const body =
    others.length === 0
      ? html`<p>${words.gone}</p>
          <form method="post" action="${action}">${named}<button type="submit">${words.goOn}</button></form>`
      : html`${others.map((other) => one(other, words))}
          <p>${words.takes}</p>
          <p class="lead"><strong>${words.question}</strong></p>
          <form method="post" action="${action}">
            ${named}
            <button type="submit" name="choice" value="take">${words.take}</button>
            <button type="submit" name="choice" value="keep" class="plain">${words.keep}</button>
          </form>`;
  return layout({ title: words.title, clinic, body });
}

function one({ place, since, lastSeen, isLocked }: ElsewhereShown, words: Words['takeOver']): Markup {
  const where = place === null ? fillText(words.somewhere, { since }) : fillText(words.at, { place, since });
  return html`<p class="lead">${where} ${fillText(isLocked ? words.locked : words.inUse, { lastSeen })}</p>`;
}
