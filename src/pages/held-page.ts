// What is held for a person: for which page it was, when, and the words in it, to read and to copy; and the choice to send it.
// Shows nothing of anybody else.

import type { TypedField } from '../core/held/typed-fields.ts';
import { markerName } from '../core/held/send-marker.ts';
import { unreachable } from '../core/unreachable.ts';
import { html } from './html.ts';
import type { Child, Markup } from './html.ts';
import { layout } from './layout.ts';
import type { PageClinic } from './layout.ts';

export interface ShownPost {
  readonly id: string;
  readonly target: string;
  /** `14:05`, in the clinic's time. */
  readonly heldAt: string;
  readonly until: string;
  readonly fields: readonly TypedField[];
  /** `sent`: to the EHR, which answered with `status`; `begun`: nobody knows whether it arrived; `draft`: never sent. */
  readonly state: 'waiting' | 'not-by-rule' | 'refused' | 'sent' | 'begun' | 'draft';
  readonly status: number | null;
}

export interface HeldPageParts {
  readonly clinic: PageClinic;
  readonly posts: readonly ShownPost[];
}

export function heldPage({ clinic, posts }: HeldPageParts): string {
  if (posts.length === 0) {
    const body = html`<p>Nothing is kept for you. What was kept is gone when it was discarded, or when its time was over.</p>
      <a class="button" href="/">Start page</a>`;
    return layout({ title: 'What you typed', clinic, body });
  }
  const body = html`<p>You sent or left this when your session could not go on. It was kept for you alone.</p>
    ${posts.map((post, index) => shown(post, index))}
    <p class="aside"><a href="/">Start page</a></p>`;
  return layout({ title: 'What you typed', clinic, body });
}

function shown(post: ShownPost, index: number): Markup {
  const path = post.target.replace(/\?.*$/s, '');
  const typed = post.fields.filter(({ isTyped }) => isTyped);
  const others = post.fields.filter(({ isTyped }) => !isTyped);
  return html`<section aria-labelledby="held-${index}">
    <h2 id="held-${index}">
      ${post.state === 'draft' ? 'Half typed at' : 'Sent at'} ${post.heldAt} ${post.state === 'draft' ? 'in' : 'to'}
      <code>${path}</code>
    </h2>
    ${typed.map(
      ({ name, text }, place) =>
        html`<label for="held-${index}-${place}">${name}</label>
          <textarea id="held-${index}-${place}" readonly>${`\n${text}`}</textarea>`,
    )}
    ${others.length > 0 && fieldList(others, typed.length === 0)} ${choices(post)}
  </section>`;
}

function fieldList(fields: readonly TypedField[], open: boolean): Markup {
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
        <summary>The other fields</summary>
        ${list}
      </details>`;
}

function choices({ id, target, until, state, status }: ShownPost): Child {
  return [
    told(state, status),
    state === 'waiting' &&
      html`<form method="post" action="${target}">
        <input type="hidden" name="${markerName}" value="${id}" />
        <button type="submit">Send it now</button>
      </form>`,
    html`<form method="post" action="/.wardgate/held">
      <input type="hidden" name="discard" value="${id}" />
      <button type="submit" class="plain">Discard it</button>
    </form>`,
    html`<p class="hint">It is removed by itself at ${until}.</p>`,
  ];
}

function told(state: ShownPost['state'], status: number | null): Markup {
  switch (state) {
    case 'waiting':
      return html`<p class="hint">
        It is sent once. First <a href="/" target="_blank" rel="noopener">open the EHR in another tab</a>, where its own session
        begins anew; the EHR may refuse the form all the same. Look there whether it is saved: the text stays here to be copied.
      </p>`;
    case 'not-by-rule':
      return html`<p class="notice">
        This kind is never sent by itself. Copy the text, open the page in the EHR and enter it anew.
      </p>`;
    case 'draft':
      return html`<p class="notice">
        You left this half typed when somebody else came to this desk. Copy it to where it belongs; it is never sent by itself.
      </p>`;
    case 'refused':
      return html`<p class="notice">The rules close this page. Copy the text to where it belongs.</p>`;
    case 'sent':
      return html`<p class="notice">
        It was sent, and the EHR answered with status ${status}. Look there whether it is saved; the text stays here to be copied.
      </p>`;
    case 'begun':
      return html`<p class="notice bad">
        Sending it was begun, and no answer came. It is not sent again: look in the EHR whether it is there, and copy the text if
        it is not.
      </p>`;
    default:
      return unreachable(state);
  }
}
