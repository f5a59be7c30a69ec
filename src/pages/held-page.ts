// What is held for a person: for which page it was, when, and the words in it, to read and to copy; and the choice to send it.
// Shows nothing of anybody else.

import type { TypedField } from '../core/held/typed-fields.ts';
import { markerName } from '../core/held/send-marker.ts';
import { unreachable } from '../core/unreachable.ts';
import { fill } from './fill.ts';
import { fillText } from './fill-text.ts';
import { html } from './html.ts';
import type { Child, Markup } from './html.ts';
import { layout } from './layout.ts';
import type { PageClinic } from './layout.ts';
import type { Words } from './languages/en.ts';
import { wordsIn } from './words-in.ts';

export interface ShownPost {
  readonly id: string;
  readonly target: string;
  /** `14:05`, in the clinic's time. */
  readonly heldAt: string;
  readonly until: string;
  readonly fields: readonly TypedField[];
  /** `sent`: to the EHR, which answered with `status`; `begun`: nobody knows whether it arrived. */
  readonly state: 'waiting' | 'not-by-rule' | 'refused' | 'sent' | 'begun';
  readonly status: number | null;
}

export interface HeldPageParts {
  readonly clinic: PageClinic;
  readonly posts: readonly ShownPost[];
}

export function heldPage({ clinic, posts }: HeldPageParts): string {
  const words = wordsIn(clinic.language).held;
  if (posts.length === 0) {
    const body = html`<p>${words.nothing}</p>
      <a class="button" href="/">${words.start}</a>`;
    return layout({ title: words.title, clinic, body });
  }
  const body = html`<p>${words.lead}</p>
    ${posts.map((post, index) => shown(post, index, words))}
    <p class="aside"><a href="/">${words.start}</a></p>`;
  return layout({ title: words.title, clinic, body });
}

function shown(post: ShownPost, index: number, words: Words['held']): Markup {
  const path = post.target.replace(/\?.*$/s, '');
  const typed = post.fields.filter(({ isTyped }) => isTyped);
  const others = post.fields.filter(({ isTyped }) => !isTyped);
  return html`<section aria-labelledby="held-${index}">
    <h2 id="held-${index}">${fill(words.sent, { time: post.heldAt, path: html`<code>${path}</code>` })}</h2>
    ${typed.map(
      ({ name, text }, place) =>
        html`<label for="held-${index}-${place}">${name}</label>
          <textarea id="held-${index}-${place}" readonly>${`\n${text}`}</textarea>`,
    )}
    ${others.length > 0 && fieldList(others, typed.length === 0, words)} ${choices(post, words)}
  </section>`;
}

function fieldList(fields: readonly TypedField[], open: boolean, { otherFields }: Words['held']): Markup {
  const list = html`<dl>
    ${fields.map(
      ({ name, text }) =>
        html`<dt>${name}</dt>
          <dd>${text}</dd>`,
    )}
  </dl>`;
  return open
    ? list
    : html`<details>
        <summary>${otherFields}</summary>
        ${list}
      </details>`;
}

function choices({ id, target, until, state, status }: ShownPost, words: Words['held']): Child {
  return [
    told(state, status, words),
    state === 'waiting' &&
      html`<form method="post" action="${target}">
        <input type="hidden" name="${markerName}" value="${id}" />
        <button type="submit">${words.send}</button>
      </form>`,
    html`<form method="post" action="/.wardgate/held">
      <input type="hidden" name="discard" value="${id}" />
      <button type="submit" class="plain">${words.discard}</button>
    </form>`,
    html`<p class="hint">${fill(words.until, { time: until })}</p>`,
  ];
}

function told(state: ShownPost['state'], status: number | null, words: Words['held']): Markup {
  switch (state) {
    case 'waiting':
      return html`<p class="hint">
        ${fill(words.once, { link: html`<a href="/" target="_blank" rel="noopener">${words.onceLink}</a>` })}
      </p>`;
    case 'not-by-rule':
      return html`<p class="notice">${words.notByRule}</p>`;
    case 'refused':
      return html`<p class="notice">${words.refused}</p>`;
    case 'sent':
      return html`<p class="notice">${fillText(words.answered, { status: String(status) })}</p>`;
    case 'begun':
      return html`<p class="notice bad">${words.begun}</p>`;
    default:
      return unreachable(state);
  }
}
