// Shown inside a frame of the EHR when its session is over: the sign-in belongs into the whole window, because providers
// refuse to be framed. Works without script through a plain link.

import { html } from './html.ts';
import { layout } from './layout.ts';
import type { PageClinic } from './layout.ts';

/** `href` is a path of this origin. A whole document. */
export function framePage({ href, clinic }: { readonly href: string; readonly clinic: PageClinic }): string {
  const body = html`<p>Your session has ended. Sign in again to go on.</p>
    <p><a class="button" href="${href}" target="_top">Sign in</a></p>`;
  return layout({ title: 'Please sign in', clinic, body, scripts: ['leave-frame.js'] });
}
