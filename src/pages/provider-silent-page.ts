// Shown in the place of the sign-in while the sign-in service does not answer: what that means, whom to ask, and how to go on. It
// is loaded again by the browser for a while, without script, and says when that is over.

import { fillText } from './fill-text.ts';
import { html } from './html.ts';
import { layout } from './layout.ts';
import type { PageClinic } from './layout.ts';
import { wordsIn } from './words-in.ts';

export interface ProviderSilentPageParts {
  readonly clinic: PageClinic;
  /** Starts the sign-in once more. */
  readonly again: string;
  /** Goes to the provider whatever the gateway has seen. */
  readonly anyway: string;
  /** Null where nobody may come in without it, or not yet. */
  readonly emergency: string | null;
  /** Seconds until it is tried again; null where that is over. */
  readonly retrySeconds: number | null;
}

/** A whole document. */
export function providerSilentPage({ clinic, again, anyway, emergency, retrySeconds }: ProviderSilentPageParts): string {
  const words = wordsIn(clinic.language).providerSilent;
  const trying = retrySeconds === null ? words.over : fillText(words.trying, { seconds: retrySeconds });
  const body = html`<p class="lead">${words.lead}</p>
    <p role="status">${trying}</p>
    <p>${fillText(words.ask, { help: clinic.help })}</p>
    <p class="ways"><a class="button" href="${again}">${words.again}</a></p>
    ${
      emergency !== null &&
      html`<p class="aside"><a href="${emergency}">${words.emergency}</a></p>
        <p class="hint">${words.emergencyHint}</p>`
    }
    <p class="aside"><a href="${anyway}">${words.anyway}</a></p>`;
  return layout({ title: words.title, clinic, body });
}
