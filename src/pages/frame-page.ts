// Shown inside a frame of the EHR when the way on needs the whole window: providers refuse to be framed. Works without
// script through a plain link.

import { html } from './html.ts';
import { layout } from './layout.ts';
import type { PageClinic } from './layout.ts';

export interface FramePageParts {
  /** A path of this origin, or the provider's address. */
  readonly href: string;
  readonly clinic: PageClinic;
  /** Signing in is the way on where nothing else is said. */
  readonly why?: keyof typeof words;
  /** What the frame asked for, where the window around it holds what somebody typed: it stays, and is covered. '' for nothing. */
  readonly back?: string;
}

const words = {
  'sign-in': { title: 'Please sign in', text: 'Your session has ended. Sign in again to go on.', label: 'Sign in' },
  /** A confirmation of somebody who is signed in. */
  confirm: { title: 'One more step', text: 'This needs a confirmation in the whole window.', label: 'Go on' },
  /** The EHR begins anew, and would hold itself within the frame. */
  'signed-on': { title: 'You are signed on', text: 'The EHR begins anew in the whole window.', label: 'Go on' },
  'signed-out': { title: 'Signing out', text: 'You have logged out of the EHR.', label: 'Finish signing out' },
} as const;

/** A whole document. */
export function framePage({ href, clinic, why = 'sign-in', back }: FramePageParts): string {
  const { title, text, label } = words[why];
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
