// A locked session answers nothing but unlocking, which `serve-session-routes` has already served. Scripts hear 423, people
// are led to the page that unlocks, and the EHR's own pollers hear what their page can bear. So do those of a session that
// has just ended: an answer that says so would take the page away, and with it what was typed.

import { end, refuse } from '../core/answer.ts';
import type { End } from '../core/answer.ts';
import { wayBack } from '../core/ehr/credential-path.ts';
import { pageAnswer } from '../core/session/page-answer.ts';
import type { Identified, Presented, Standing, Targeted } from '../facts.ts';
import type { HeldPosts } from '../held-ports.ts';
import type { Stage } from '../pipeline.ts';
import { isReserved } from './reserved-prefix.ts';

export interface RefuseLockedNeeds {
  readonly held: Pick<HeldPosts, 'endedLately'>;
}

type Given = Identified & Presented & Targeted & Standing;

export function refuseLocked(needs: RefuseLockedNeeds): Stage<Given, object> {
  return (facts) => {
    if (facts.inUse !== null) return undefined;
    if (facts.standing !== 'locked') return hasJustEnded(facts) ? ofPage(facts) : undefined;
    return ofPage(facts) ?? locked(facts);
  };

  /** Whoever comes with the cookie of no session that is remembered is a stranger, and is told what strangers are told. */
  function hasJustEnded({ sessionKey }: Given): boolean {
    return sessionKey !== null && needs.held.endedLately(sessionKey) !== null;
  }
}

function ofPage({ application, method, shape, headers, target, standing }: Given): End | undefined {
  if (isReserved(target.path)) return undefined;
  const answer = pageAnswer(
    { method, path: target.path, shape, headers },
    application,
    standing === 'locked' ? 'locked' : 'ended',
  );
  return answer === null ? undefined : end(answer);
}

/** Back to what was asked for; what was sent by a form is not asked for again. */
function locked({ method, target }: Given): End {
  return refuse('session-locked', { remedy: `/.wardgate/unlock?return=${encodeURIComponent(wayBack(method, target))}` });
}
