// Notes what the EHR answered to a held post, for the page that still shows its text. Never sends anything.

import type { HeldPosts } from '../held-ports.ts';
import type { NamedSettleStep } from './settle-step.ts';

export function noteHeldSent(needs: { readonly held: HeldPosts }): NamedSettleStep['run'] {
  return async ({ held, reply }, { status }) => {
    if (held && reply) await needs.held.answered(held.id, status);
  };
}
