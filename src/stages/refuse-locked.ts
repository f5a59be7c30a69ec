// A locked session answers nothing but unlocking, which `serve-session-routes` has already served. Scripts hear 423, people
// are led to the page that unlocks, and the EHR's own pollers hear what their page can bear.

import { end, refuse } from '../core/answer.ts';
import type { End } from '../core/answer.ts';
import { wayBack } from '../core/ehr/credential-path.ts';
import { whileLocked } from '../core/session/while-locked.ts';
import type { WhileLocked } from '../core/session/while-locked.ts';
import { unreachable } from '../core/unreachable.ts';
import type { Identified, Standing, Targeted } from '../facts.ts';
import type { Stage } from '../pipeline.ts';
import { isReserved } from './reserved-prefix.ts';

type Given = Identified & Targeted & Standing;

export function refuseLocked(): Stage<Given, object> {
  return (facts) => {
    if (facts.standing !== 'locked') return undefined;
    const { application, method, shape, headers, target } = facts;
    if (isReserved(target.path)) return locked(facts);
    const request = { method, path: target.path, shape, headers };
    return answer(facts, whileLocked(request, application.whileLocked ?? [], application.pageScript !== false));
  };
}

function answer(facts: Given, told: WhileLocked): End {
  switch (told.answer) {
    case 'neutral':
      return told.json === null ? nothing() : neutral(told.json);
    case 'stay':
      return nothing();
    case 'refuse':
      return locked(facts);
    default:
      return unreachable(told);
  }
}

/** Back to what was asked for; what was sent by a form is not asked for again. */
function locked({ method, target }: Given): End {
  return refuse('session-locked', { remedy: `/.wardgate/unlock?return=${encodeURIComponent(wayBack(method, target))}` });
}

function neutral(json: string): End {
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };
  return end({ kind: 'plain', status: 200, headers, body: json });
}

function nothing(): End {
  return end({ kind: 'plain', status: 204, headers: { 'cache-control': 'no-store' }, body: '' });
}
