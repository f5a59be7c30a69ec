// Holds what a form sends while its session is over or locked, so that nothing typed is lost: sealed, for the person of that
// session alone, and for half an hour. Nothing of a stranger is held, nothing of another site, and no script's request, which
// the page repeats by itself. Whoever sends a form that cannot be held is told so, and never led away from it.

import { refuse } from '../core/answer.ts';
import type { End } from '../core/answer.ts';
import { carriedPatient } from '../core/held/carried-patient.ts';
import { heldPath } from '../core/held/held-path.ts';
import { pageAnswer } from '../core/session/page-answer.ts';
import type { Arrived, Identified, Loaded, Presented, Recognised, Standing, Targeted } from '../facts.ts';
import type { LateOwner } from '../held-ports.ts';
import type { Stage } from '../pipeline.ts';
import { keepForm, mayBeKept } from './keep-form.ts';
import type { FormOwner, KeepFormNeeds } from './keep-form.ts';

export type HoldPostNeeds = KeepFormNeeds;

type Given = Arrived & Identified & Presented & Targeted & Recognised & Loaded & Standing;

export function holdPost(needs: HoldPostNeeds): Stage<Given, object> {
  const keep = keepForm(needs);
  return (facts) => {
    // While the session may not be used, or where there is none.
    if (facts.machine !== null || facts.inUse !== null || !mayBeKept(facts) || isHeardOtherwise(facts)) return undefined;
    if (needs.limits.heldPostsPerPerson === 0) return notHeld(facts, 'Nothing is kept here');
    const who = whose(facts);
    return who === null ? notHeld(facts, 'It cannot be told any more whose session it was') : hold(facts, who);
  };

  function whose({ session, standing, sessionKey }: Given): Parameters<typeof hold>[1] | null {
    if (standing !== 'locked') return sessionKey === null ? null : needs.held.endedLately(sessionKey);
    return session && { ...session.subject, carried: carriedPatient(session.ehrSessions) };
  }

  async function hold(facts: Given, { carried, ...who }: FormOwner & LateOwner): Promise<End> {
    const kept = await keep(facts, who, carried);
    return kept.kept ? wayOn(facts) : notHeld(facts, kept.why);
  }
}

/** A poller of a page that is locked or has ended hears what its page can bear. */
function isHeardOtherwise({ application, method, shape, headers, target }: Given): boolean {
  return pageAnswer({ method, path: target.path, shape, headers }, application, 'ended') !== null;
}

function wayOn({ standing }: Given): End {
  const back = encodeURIComponent(heldPath);
  if (standing === 'locked') return refuse('session-locked', { remedy: `/.wardgate/unlock?return=${back}` });
  return refuse('session-expired', { remedy: `/.wardgate/sign-in?return=${back}` });
}

function notHeld({ standing }: Given, why: string): End {
  const page = standing === 'locked' ? '/.wardgate/unlock' : '/.wardgate/sign-in';
  return refuse('post-not-held', { detail: why, remedy: page });
}
