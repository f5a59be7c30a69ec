// The page of a person's own second factors: what there is, adding a passkey, removing one.

import { noticeOf } from './factor-pages.ts';
import { fillText } from './fill-text.ts';
import { html } from './html.ts';
import type { Child } from './html.ts';
import type { Words } from './languages/en.ts';
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
  const mayChange = stepUp === null;
  const body = html`${noticeOf(problem)} ${isEmpty && html`<p>${words.nothing}</p>`}
    <dl>
      ${code !== null && codeRow(words, code, mayChange)} ${passkeys.map((one) => passkeyRow(words, one, mayChange))}
      <dt>${words.codesLeft}</dt>
      <dd>${String(recoveryCodesLeft)} ${mayChange && !isEmpty && renewForm(words)}</dd>
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

type FactorWords = Words['factors'];

function codeRow(words: FactorWords, date: string, mayChange: boolean): Child {
  const remove = html`<form method="post" action="/.wardgate/factors">
    <input type="hidden" name="remove-code" value="yes" />
    <button type="submit" class="plain" aria-label="${words.removeCode}">${words.remove}</button>
  </form>`;
  return html`<dt>${words.code}</dt>
    <dd>${fillText(words.setUp, { date })} ${mayChange && remove}</dd>`;
}

function passkeyRow(
  words: FactorWords,
  { id, name, added, used }: FactorsPageParts['passkeys'][number],
  mayChange: boolean,
): Child {
  const change = html`<form method="post" action="/.wardgate/factors">
      <input type="hidden" name="remove" value="${id}" />
      <button type="submit" class="plain" aria-label="${fillText(words.removeNamed, { name })}">${words.remove}</button>
    </form>
    <details>
      <summary aria-label="${fillText(words.renameNamed, { name })}">${words.rename}</summary>
      <form method="post" action="/.wardgate/factors">
        <input type="hidden" name="rename" value="${id}" />
        <label for="name-${id}">${words.name}</label>
        <input id="name-${id}" name="name" type="text" maxlength="40" required value="${name}" />
        <button type="submit" class="plain">${words.save}</button>
      </form>
    </details>`;
  return html`<dt>${name}</dt>
    <dd>
      ${used === null ? fillText(words.passkey, { date: added }) : fillText(words.passkeyUsed, { date: added, used })}
      ${mayChange && change}
    </dd>`;
}

function renewForm(words: FactorWords): Child {
  return html`<form method="post" action="/.wardgate/factors">
    <input type="hidden" name="renew-codes" value="yes" />
    <button type="submit" class="plain">${words.renewCodes}</button>
    <p class="hint">${words.renewHint}</p>
  </form>`;
}
