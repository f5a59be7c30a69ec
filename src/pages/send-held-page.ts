// After a confirmation: sends the form that was kept for it, to the address it was for. The script sends it at once; without one
// the person presses the button.

import { markerName } from '../core/held/send-marker.ts';
import { html } from './html.ts';
import { layout } from './layout.ts';
import type { PageClinic } from './layout.ts';
import { wordsIn } from './words-in.ts';

export interface SendHeldPageParts {
  readonly clinic: PageClinic;
  /** The path and query the form was for. */
  readonly target: string;
  readonly id: string;
}

/** A whole document. */
export function sendHeldPage({ clinic, target, id }: SendHeldPageParts): string {
  const words = wordsIn(clinic.language).held;
  const body = html`<p>${words.goesOn}</p>
    <form method="post" action="${target}" data-send>
      <input type="hidden" name="${markerName}" value="${id}" />
      <button type="submit">${words.send}</button>
    </form>`;
  return layout({ title: words.confirmed, clinic, body, scripts: ['send-held.js'] });
}
