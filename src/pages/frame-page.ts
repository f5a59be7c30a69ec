// Shown inside a frame of the EHR when the way on needs the whole window: providers refuse to be framed. Works without
// script through a plain link.

import { html } from './html.ts';
import { layout } from './layout.ts';
import type { PageClinic } from './layout.ts';

export interface FramePageParts {
  /** A path of this origin. */
  readonly href: string;
  readonly clinic: PageClinic;
  /** The way on is a confirmation of somebody who is signed in; otherwise it is the sign-in. */
  readonly confirms?: boolean;
}

/** A whole document. */
export function framePage({ href, clinic, confirms = false }: FramePageParts): string {
  const text = confirms ? 'This needs a confirmation in the whole window.' : 'Your session has ended. Sign in again to go on.';
  const body = html`<p>${text}</p>
    <p><a class="button" href="${href}" target="_top">${confirms ? 'Go on' : 'Sign in'}</a></p>`;
  return layout({ title: confirms ? 'One more step' : 'Please sign in', clinic, body, scripts: ['leave-frame.js'] });
}
