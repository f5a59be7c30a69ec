// The page of a person's own second factors: what there is, adding a passkey, removing one.

import { noticeOf } from './factor-pages.ts';
import { html } from './html.ts';
import { layout } from './layout.ts';
import type { PageClinic } from './layout.ts';
import { passkeyForm, passkeyScripts } from './passkey-form.ts';

const words = {
  rename: 'Rename',
  renameOf: 'Rename {name}',
  name: 'Name',
  save: 'Save',
  renew: 'Make new recovery codes',
  renewHint: 'The codes of before are void then.',
} as const;

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
  const isEmpty = code === null && passkeys.length === 0;
  const body = html`${noticeOf(problem)} ${isEmpty && html`<p>Nothing is set up here: you confirm at the sign-in service.</p>`}
    <dl>
      ${
        code !== null &&
        html`<dt>Code from your phone</dt>
          <dd>
            set up on ${code}
            ${
              stepUp === null &&
              html`<form method="post" action="/.wardgate/factors">
                <input type="hidden" name="remove-code" value="yes" />
                <button type="submit" class="plain" aria-label="Remove the code from your phone">Remove</button>
              </form>`
            }
          </dd>`
      }
      ${passkeys.map(
        ({ id, name, added, used }) =>
          html`<dt>${name}</dt>
            <dd>
              passkey, added on ${added}${used !== null && html`, last used on ${used}`}
              ${
                stepUp === null &&
                html`<form method="post" action="/.wardgate/factors">
                    <input type="hidden" name="remove" value="${id}" />
                    <button type="submit" class="plain" aria-label="Remove ${name}">Remove</button>
                  </form>
                  <details>
                    <summary aria-label="${words.renameOf.replace('{name}', () => name)}">${words.rename}</summary>
                    <form method="post" action="/.wardgate/factors">
                      <input type="hidden" name="rename" value="${id}" />
                      <label for="name-${id}">${words.name}</label>
                      <input id="name-${id}" name="name" type="text" maxlength="40" required value="${name}" />
                      <button type="submit" class="plain">${words.save}</button>
                    </form>
                  </details>`
              }
            </dd>`,
      )}
      <dt>Recovery codes left</dt>
      <dd>
        ${String(recoveryCodesLeft)}
        ${
          stepUp === null &&
          !isEmpty &&
          html`<form method="post" action="/.wardgate/factors">
            <input type="hidden" name="renew-codes" value="yes" />
            <button type="submit" class="plain">${words.renew}</button>
            <p class="hint">${words.renewHint}</p>
          </form>`
        }
      </dd>
    </dl>
    ${
      stepUp !== null
        ? html`<p>Confirm once more to add, rename or remove one.</p>
            <a class="button" href="${stepUp}">Confirm</a>`
        : offersPasskeys &&
          passkeyForm({
            action: '/.wardgate/factors',
            options: '/.wardgate/factors/options',
            does: 'create',
            label: 'Add a passkey',
          })
    }
    <a class="button plain" href="/.wardgate/me">Back</a>`;
  return layout({ title: 'Your second factors', clinic, body, scripts: passkeyScripts });
}
