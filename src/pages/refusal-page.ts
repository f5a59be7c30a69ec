// What a person sees when the answer is no, or when something broke: what happened and why, what they can do, and whom to
// ask with what to read out. Never shows internals, and never more of the address than its path.

import { adviceFor } from './advice.ts';
import { html } from './html.ts';
import type { Child } from './html.ts';
import { layout } from './layout.ts';

/** A button that leads somewhere. `wholeWindow`: out of the frame in which the page may stand. */
export interface PageLink {
  readonly href: string;
  readonly label: string;
  readonly wholeWindow?: boolean;
}

export interface RefusalPageParts {
  readonly title: string;
  /** One sentence for this case, with or without its full stop; null where the title says it all. */
  readonly detail: string | null;
  /** What the EHR's page said, in its own words. */
  readonly quote?: string;
  /** The reason or fault code, for whoever is asked. */
  readonly reason: string;
  readonly rule: string | null;
  readonly requestId: string;
  readonly help: string;
  readonly clinicName: string;
  /** The canonical path that was asked for. */
  readonly path?: string | null;
  /** Who is signed in; on a shared computer that is often somebody else. */
  readonly person?: { readonly displayName: string; readonly roles: readonly string[] } | null;
  /** Where the person can put it right. */
  readonly remedy?: PageLink;
  /** What else is to be done, after the remedy. */
  readonly also?: PageLink;
  /** Whether to offer the start page; false inside a frame, which would hold it within itself. */
  readonly offersStart?: boolean;
}

/** The longest path shown, characters. */
const longestPath = 200;

/** A whole document. */
export function refusalPage(parts: RefusalPageParts): string {
  const { title, detail, quote, reason, help, clinicName, remedy, also, offersStart } = parts;
  const start = offersStart === true && html`<a class="button plain" href="/">Start page</a>`;
  const body = html`
    ${detail !== null && html`<p class="lead">${sentence(detail)}</p>`} ${quoteOf(quote)}
    <h2>What you can do</h2>
    <p>${adviceFor(reason)}</p>
    <p class="ways">${linkTo(remedy, 'button')}${linkTo(also, 'button plain')}${start}</p>
    <h2>Whom to ask</h2>
    <p>Ask <strong>${help}</strong> and read this out:</p>
    <dl>${rowsOf(parts)}</dl>
  `;
  return layout({ title, clinic: { name: clinicName, help }, body });
}

function quoteOf(text: string | undefined): Child {
  if (text === undefined || text === '') return null;
  return html`<p>The EHR's page says:</p>
    <blockquote>${text}</blockquote>`;
}

function linkTo(link: PageLink | undefined, look: string): Child {
  if (link === undefined) return null;
  const { href, label, wholeWindow = false } = link;
  if (wholeWindow) return html`<a class="${look}" href="${href}" target="_top">${label}</a>`;
  return html`<a class="${look}" href="${href}">${label}</a>`;
}

function rowsOf({ path, person, rule, reason, requestId }: RefusalPageParts): Child {
  return [
    html`<dt>Request</dt>
      <dd><code>${requestId}</code></dd>`,
    rule !== null &&
      html`<dt>Rule</dt>
        <dd>${rule}</dd>`,
    html`<dt>Reason</dt>
      <dd><code>${reason}</code></dd>`,
    typeof path === 'string' &&
      html`<dt>Page</dt>
        <dd><code>${path.length > longestPath ? `${path.slice(0, longestPath)}…` : path}</code></dd>`,
    person !== undefined &&
      person !== null &&
      html`<dt>Signed in as</dt>
        <dd>
          ${person.displayName} (${person.roles.join(', ')}).
          <a href="/.wardgate/sign-out" target="_top">Not you?</a>
        </dd>`,
  ];
}

/** Reasons are worded without a full stop, because they also stand in records. */
function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
