// The button with which a person uses or adds a passkey, on our other pages. Without script it stays hidden, and a code or a
// recovery code does.

import { html } from './html.ts';
import type { Child } from './html.ts';
import type { PageClinic } from './layout.ts';
import { wordsIn } from './words-in.ts';

/** The asset that holds the package's own script; its version stands in the name, so that browsers may keep it. */
export const passkeyLibraryName = 'webauthn-14.0.0.js';

/** What a page with a passkey button loads, in this order. */
export const passkeyScripts: readonly string[] = [passkeyLibraryName, 'passkey.js'];

export interface PasskeyFormParts {
  readonly clinic: PageClinic;
  /** Form target; what the browser is asked to do comes from `options`. */
  readonly action: string;
  readonly options: string;
  readonly does: 'get' | 'create';
  readonly label: string;
  /** What else stands in the form. */
  readonly also?: Child;
}

/** A form with one button, shown by the script. `create` asks for a name too. */
export function passkeyForm({ clinic, action, options, does, label, also }: PasskeyFormParts): Child {
  const words = wordsIn(clinic.language).passkey;
  const name = html`<label for="passkey-name">${words.name}</label>
    <input id="passkey-name" name="name" type="text" maxlength="40" autocomplete="off" />`;
  return html`<form method="post" action="${action}" data-passkey="${does}" data-options="${options}" hidden>
    ${does === 'create' && name}
    <input type="hidden" name="passkey" />
    ${also}
    <button type="button">${label}</button>
    <p class="notice bad" role="alert" hidden>${words.failed}</p>
  </form>`;
}
