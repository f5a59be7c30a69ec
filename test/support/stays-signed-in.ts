// What a stage needs that makes its request known as under way: a session that is there until the test ends it.

import { LiveStreams } from '../../src/http/live-streams.ts';
import type { EnterStreamNeeds } from '../../src/stages/enter-stream.ts';
import type { Session } from '../../src/ports.ts';

export function staysSignedIn(session: Session): EnterStreamNeeds & { readonly live: LiveStreams } {
  const live = new LiveStreams();
  return {
    live,
    sessions: { find: () => ({ found: 'yes', value: session }), ofSubject: () => Promise.resolve([session]) },
    openStream: (facts, key) => live.enter(facts, key),
    machines: { stillKnows: () => true },
  };
}
