// Where a person goes who has just confirmed: exactly where they were. A form that was kept for this confirmation is sent on by
// the page that answers; anything else that was kept waits on its own page for their word.

import type { Response } from 'express';
import { goesStraight } from '../core/held/goes-straight.ts';
import { heldPath } from '../core/held/held-path.ts';
import { sendHeldPage } from '../pages/send-held-page.ts';
import type { Session } from '../ports.ts';
import { returnTo } from './factor-route.ts';
import type { OwnContext } from './own-context.ts';
import { ownContext } from './own-context.ts';
import { pageClinic } from './page-clinic.ts';
import { sendOn, sendPage } from './send.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

/** `session` is the one that confirmed. */
export async function goOnConfirmed(needs: SignInNeeds, res: Response, session: Session, context: OwnContext): Promise<void> {
  const post = postOf(needs, res);
  if (post === null) {
    sendOn(res, returnTo(needs, res));
    return;
  }
  const kept = (await needs.held.of(session.subject, context.application)).find(({ id }) => id === post);
  const content = kept?.takenAt === null ? await needs.held.open(session.subject, context.application, post) : null;
  const isStraight = goesStraight(content?.confirming, session.reference, kept?.heldAt ?? 0, needs.clock.now());
  if (content === null || !isStraight) sendOn(res, heldPath);
  else sendPage(res, sendHeldPage({ clinic: pageClinic(needs, res), target: content.target, id: post }));
}

/** The form that was kept for this confirmation; null for none. */
export function postOf(needs: Pick<SignInNeeds, 'settings'>, res: Response): string | null {
  const stated = new URLSearchParams(ownContext(needs, res).target.query ?? '').get('post');
  return stated !== null && /^[\w-]{43}$/.test(stated) ? stated : null;
}

/** An address of ours with the way on of this page, for its own form. */
export function withPost(needs: Pick<SignInNeeds, 'settings'>, res: Response, action: string): string {
  const post = postOf(needs, res);
  return post === null ? action : `${action}${action.includes('?') ? '&' : '?'}post=${post}`;
}
