// What a person sees when the answer is no, or when something broke: what happened, under which rule, what they can do,
// and an id to read out. Never shows internals.

import { html } from './html.ts';
import { layout } from './layout.ts';

export interface RefusalPageParts {
  readonly title: string;
  /** One sentence for this case; null where the title says it all. */
  readonly detail: string | null;
  /** The reason or fault code, for whoever is asked. */
  readonly reason: string;
  readonly rule: string | null;
  readonly requestId: string;
  readonly help: string;
  readonly clinicName: string;
  /** Where the person can put it right. */
  readonly remedy?: { readonly href: string; readonly label: string };
}

/** A whole document. */
export function refusalPage(parts: RefusalPageParts): string {
  const { title, detail, reason, rule, requestId, help, clinicName, remedy } = parts;
  const body = html`
    ${detail !== null && html`<p>${detail}</p>`}
    ${remedy !== undefined && html`<p><a class="button" href="${remedy.href}">${remedy.label}</a></p>`}
    <h2>If you need help</h2>
    <p>Ask ${help} and read this out:</p>
    <dl>
      <dt>Reason</dt>
      <dd><code>${reason}</code></dd>
      ${
        rule !== null &&
        html`<dt>Rule</dt>
          <dd>${rule}</dd>`
      }
      <dt>Request</dt>
      <dd><code>${requestId}</code></dd>
    </dl>
  `;
  return layout({ title, clinic: { name: clinicName, help }, body });
}
