// What has changed about a person's second factors since they were last told: they look at it once and say so.

import type { FactorChange } from '../core/second-factor/factor-change.ts';
import { html } from './html.ts';
import { layout } from './layout.ts';
import type { PageClinic } from './layout.ts';

const words = {
  title: 'Your second factors have changed',
  lead: 'Was that you?',
  notYou: 'If it was not, tell {help} at once: somebody may know your password.',
  seen: 'That was me, go on',
  look: 'Look at my second factors',
  'code-removed': 'The code from the phone was removed',
  'passkey-added': 'The passkey “{name}” was added',
  'passkey-removed': 'The passkey “{name}” was removed',
  'recovery-codes-renewed': 'New recovery codes were made; the old ones are void',
  'reset-by-it': 'IT has taken away all your second factors',
} as const;

export interface FactorNoticesPageParts {
  readonly clinic: PageClinic;
  /** Form target, a path of ours with its query. */
  readonly action: string;
  /** The moment up to which they are acknowledged, as the form sends it back. */
  readonly upTo: string;
  readonly notices: readonly { readonly at: string; readonly change: FactorChange }[];
}

export function factorNoticesPage({ clinic, action, upTo, notices }: FactorNoticesPageParts): string {
  const body = html`<p>${words.lead}</p>
    <dl>
      ${notices.map(
        ({ at, change }) =>
          html`<dt>${at}</dt>
            <dd>${factorChangeText(change)}</dd>`,
      )}
    </dl>
    <p class="notice">${words.notYou.replace('{help}', clinic.help)}</p>
    <form method="post" action="${action}">
      <input type="hidden" name="upto" value="${upTo}" />
      <button type="submit">${words.seen}</button>
      <a class="button plain" href="/.wardgate/factors">${words.look}</a>
    </form>`;
  return layout({ title: words.title, clinic, body });
}

/** One change in words. */
export function factorChangeText({ kind, name }: FactorChange): string {
  return words[kind].replace('{name}', () => name ?? '');
}
