// What has changed about a person's second factors since they were last told: they look at it once and say so.

import type { FactorChange } from '../core/second-factor/factor-change.ts';
import { fillText } from './fill-text.ts';
import { html } from './html.ts';
import { layout } from './layout.ts';
import type { PageClinic } from './layout.ts';
import { wordsIn } from './words-in.ts';

export interface FactorNoticesPageParts {
  readonly clinic: PageClinic;
  /** Form target, a path of ours with its query. */
  readonly action: string;
  /** The moment up to which they are acknowledged, as the form sends it back. */
  readonly upTo: string;
  readonly notices: readonly { readonly at: string; readonly change: FactorChange }[];
}

export function factorNoticesPage({ clinic, action, upTo, notices }: FactorNoticesPageParts): string {
  const words = wordsIn(clinic.language).factorNotices;
  const body = html`<p>${words.lead}</p>
    <dl>
      ${notices.map(
        ({ at, change }) =>
          html`<dt>${at}</dt>
            <dd>${fillText(words[change.kind], { name: change.name ?? '' })}</dd>`,
      )}
    </dl>
    <p class="notice">${fillText(words.notYou, { help: clinic.help })}</p>
    <form method="post" action="${action}">
      <input type="hidden" name="upto" value="${upTo}" />
      <button type="submit">${words.seen}</button>
      <a class="button plain" href="/.wardgate/factors">${words.look}</a>
    </form>`;
  return layout({ title: words.title, clinic, body });
}
