// The page of a person's own second factors: what there is, adding a passkey, removing one.

import { noticeOf } from './factor-pages.ts';
import { fillText } from './fill-text.ts';
import { html } from './html.ts';
import { layout } from './layout.ts';
import type { PageClinic } from './layout.ts';
import { passkeyForm, passkeyScripts } from './passkey-form.ts';
import { wordsIn } from './words-in.ts';

export interface FactorsPageParts {
  readonly clinic: PageClinic;
  readonly problem: string | null;
  /** When the code was set up; null where there is none. */
  readonly code: string | null;
  readonly passkeys: readonly {
    readonly id: string;
    readonly name: string;
    readonly added: string;
    readonly used: string | null;
  }[];
  readonly recoveryCodesLeft: number;
  readonly offersPasskeys: boolean;
  /** Where one confirms before anything can be changed; null where that was done. */
  readonly stepUp: string | null;
}

export function factorsPage(parts: FactorsPageParts): string {
  const { clinic, problem, code, passkeys, recoveryCodesLeft, offersPasskeys, stepUp } = parts;
  const words = wordsIn(clinic.language).factors;
  const isEmpty = code === null && passkeys.length === 0;
  const body = html`${noticeOf(problem)} ${isEmpty && html`<p>${words.nothing}</p>`}
    <dl>
      ${
        code !== null &&
        html`<dt>${words.code}</dt>
          <dd>${fillText(words.setUp, { date: code })}</dd>`
      }
      ${passkeys.map(
        ({ id, name, added, used }) =>
          html`<dt>${name}</dt>
            <dd>
              ${used === null ? fillText(words.passkey, { date: added }) : fillText(words.passkeyUsed, { date: added, used })}
              ${
                stepUp === null &&
                html`<form method="post" action="/.wardgate/factors">
                  <input type="hidden" name="remove" value="${id}" />
                  <button type="submit" class="plain" aria-label="${fillText(words.removeNamed, { name })}">
                    ${words.remove}
                  </button>
                </form>`
              }
            </dd>`,
      )}
      <dt>${words.codesLeft}</dt>
      <dd>${String(recoveryCodesLeft)}</dd>
    </dl>
    ${
      stepUp !== null
        ? html`<p>${words.confirmFirst}</p>
            <a class="button" href="${stepUp}">${words.confirm}</a>`
        : offersPasskeys &&
          passkeyForm({
            clinic,
            action: '/.wardgate/factors',
            options: '/.wardgate/factors/options',
            does: 'create',
            label: words.add,
          })
    }
    <a class="button plain" href="/.wardgate/me">${words.back}</a>`;
  return layout({ title: words.title, clinic, body, scripts: passkeyScripts });
}
