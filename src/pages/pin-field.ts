// The field for a PIN: hidden as it is typed, because desks stand in corridors, and no password that a browser offers to keep.

import { html } from './html.ts';
import type { Child } from './html.ts';

export function pinField(name: string, takesFocus = false): Child {
  return html`<input
    id="${name}"
    name="${name}"
    type="password"
    inputmode="numeric"
    autocomplete="one-time-code"
    pattern="[0-9]{6}"
    maxlength="6"
    required
    ${takesFocus && html`autofocus`}
  />`;
}
