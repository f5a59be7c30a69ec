// Ends a session because its person logged out of the EHR: here, and at the provider as far as the browser can be sent
// there, because on a shared computer the next person would otherwise come in without a password.

import type { Plain } from '../core/answer.ts';
import type { CallerShape } from '../core/caller-shape.ts';
import { setCookie } from '../core/session/cookies.ts';
import { contentSecurityPolicy } from '../pages/content-security-policy.ts';
import { clinicIn } from '../pages/clinic-in.ts';
import { framePage } from '../pages/frame-page.ts';
import type { PageClinic } from '../pages/layout.ts';
import type { SignOutPlace } from '../ehr-ports.ts';
import type { Session } from '../ports.ts';
import { afterSignOut } from './after-sign-out.ts';
import { record, recordedSession } from './record.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

/** What the browser is answered: a page goes on to the provider, a frame leads the whole window there, a script is done. */
export function signOutByEhr(needs: SignInNeeds) {
  return async (session: Session, { shape, accept, ...where }: SignOutPlace): Promise<Plain> => {
    // Ended before it is recorded: a full disk must not keep anybody signed in.
    await needs.sessions.end(session.key, 'signed-out');
    const detail = "by the EHR's own logout";
    await record(needs, where, 'sign-out', { ...recordedSession(session), reason: 'signed-out', detail });
    const next = await afterSignOut(needs, where.application, session);
    const secure = needs.settings.applications.get(where.application)?.secure ?? true;
    const headers = { 'set-cookie': setCookie('session', '', secure, 0), 'cache-control': 'no-store' };
    return answer(clinicIn(needs.settings.clinic, accept), shape, next, headers);
  };
}

function answer(clinic: PageClinic, shape: CallerShape, to: string, headers: Record<string, string>): Plain {
  if (shape === 'page') return { kind: 'plain', status: 303, headers: { ...headers, location: to }, body: '' };
  if (shape !== 'frame') return { kind: 'plain', status: 204, headers, body: '' };
  const page = framePage({ href: to, clinic, why: 'signed-out' });
  const content = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': contentSecurityPolicy() };
  return { kind: 'plain', status: 200, headers: { ...headers, ...content }, body: page };
}
