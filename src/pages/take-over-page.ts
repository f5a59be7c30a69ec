// Asks whether a session elsewhere ends: where it is, since when, and two ways on that both lead in.

import { html } from './html.ts';
import type { Markup } from './html.ts';
import { layout } from './layout.ts';
import type { PageClinic } from './layout.ts';

const words = {
  title: 'You are signed in elsewhere',
  at: 'You are signed in at {place} since {since}.',
  somewhere: 'You are signed in at another desk since {since}.',
  inUse: 'Last seen there at {lastSeen}.',
  locked: 'It is locked; you were last seen there at {lastSeen}.',
  question: 'Take over here?',
  takes:
    'Taking over ends the session there, and the EHR begins anew here. A form that is sent from there is kept for you for half an hour.',
  take: 'Take over here',
  keep: 'Keep both',
  gone: 'The other session has ended meanwhile.',
  goOn: 'Go on',
} as const;

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
  const named = html`<input type="hidden" name="sessions" value="${references}" />`;
  const body =
    others.length === 0
      ? html`<p>${words.gone}</p>
          <form method="post" action="${action}">${named}<button type="submit">${words.goOn}</button></form>`
      : html`${others.map(one)}
          <p class="lead"><strong>${words.question}</strong></p>
          <form method="post" action="${action}">
            ${named}
            <button type="submit" name="choice" value="take">${words.take}</button>
            <button type="submit" name="choice" value="keep" class="plain">${words.keep}</button>
          </form>
          <p class="hint aside">${words.takes}</p>`;
  return layout({ title: words.title, clinic, body });
}

function one({ place, since, lastSeen, isLocked }: ElsewhereShown): Markup {
  const where = place === null ? words.somewhere : words.at.replace('{place}', () => place);
  const seen = isLocked ? words.locked : words.inUse;
  return html`<p class="lead">${where.replace('{since}', () => since)} ${seen.replace('{lastSeen}', () => lastSeen)}</p>`;
}
