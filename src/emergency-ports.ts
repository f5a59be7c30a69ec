// What a way in without the identity provider needs from the world: what the gateway has seen of the provider itself, the people
// who may come in, as the provider last told of them, and their sealed codes.

import type { Subject } from './core/session/session.ts';

/** The gateway's own looks at the provider. Times are epoch milliseconds. */
export interface ProviderWatch {
  /** No answer to the last looks: people are told. */
  readonly silent: boolean;
  /** No answer for certain: emergency people may come in. */
  readonly down: boolean;
  readonly silentSince: number | null;
  /** Since when it has answered every look; null while it does not, and before the first one. */
  readonly answersSince: number | null;
}
