// Shown inside a frame of the EHR when the way on needs the whole window: providers refuse to be framed. Works without
// script through a plain link.

import { html } from './html.ts';
import { layout } from './layout.ts';
import type { PageClinic } from './layout.ts';
import type { Words } from './languages/en.ts';
import { wordsIn } from './words-in.ts';

export interface FramePageParts {
  /** A path of this origin, or the provider's address. */
  readonly href: string;
  readonly clinic: PageClinic;
  /** Signing in is the way on where nothing else is said. */
  readonly why?: keyof Words['frame'];
  /** What the frame asked for, where the window around it holds what somebody typed: it stays, and is covered. '' for nothing. */
  readonly back?: string;
}

/** A whole document. */
export function framePage({ href, clinic, why = 'sign-in', back }: FramePageParts): string {
  const { title, text, label } = wordsIn(clinic.language).frame[why];
  const body = html`<p>${text}</p>
    <p>
      ${
        back === undefined
          ? html`<a class="button" href="${href}" target="_top">${label}</a>`
          : html`<a class="button" href="${href}" target="_top" data-back="${back}">${label}</a>`
      }
    </p>`;
  return layout({ title, clinic, body, scripts: ['leave-frame.js'] });
}
