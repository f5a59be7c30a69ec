// GET and POST /.wardgate/acknowledge: the clinic's texts that a person has still to acknowledge, one after the other, and then on
// to where they wanted to go. Who acknowledged what is on record before it counts.

import type { Request, Response } from 'express';
import { writeAcknowledgedNote } from '../core/audit/acknowledged-note.ts';
import { dueTexts } from '../core/acknowledgement/due-texts.ts';
import type { DueText } from '../core/acknowledgement/due-texts.ts';
import type { Session } from '../ports.ts';
import { acknowledgePage } from '../pages/acknowledge-page.ts';
import type { AcknowledgePageParts } from '../pages/acknowledge-page.ts';
import { fieldOf, returnTo } from './factor-route.ts';
import { pageClinic } from './page-clinic.ts';
import { record, recordedSession } from './record.ts';
import { withReturn } from './return-path.ts';
import { sendOn, sendPage } from './send.ts';
import { sessionPage } from './session-page.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

const path = '/.wardgate/acknowledge';

export function showAcknowledge(needs: SignInNeeds) {
  return sessionPage(needs, async ({ res, session }) => show(needs, res, session, await due(needs, session), null));
}

export function postAcknowledge(needs: SignInNeeds) {
  return sessionPage(needs, async ({ req, res, session, context }) => {
    const all = await due(needs, session);
    const one = all.find(({ text }) => text.id === fieldOf(req, 'text'));
    // Acknowledged already, in another tab.
    if (one === undefined) return show(needs, res, session, all, null);
    if (!isShown(req, one)) return show(needs, res, session, all, 'changed');
    const { text, postponementsLeft } = one;
    const later = fieldOf(req, 'does') === 'later' && postponementsLeft > 0;
    if (!later && fieldOf(req, 'read') !== 'yes') return show(needs, res, session, all, 'tick');
    const event = later ? 'acknowledgement-postponed' : 'acknowledged';
    const detail = writeAcknowledgedNote(text);
    await record(needs, context, event, { ...recordedSession(session), decision: 'allowed', detail });
    const at = needs.clock.now();
    if (later) await needs.acknowledgements.putOff(session.subject, text, at);
    else await needs.acknowledgements.acknowledge(session.subject, text, at);
    sendOn(res, all.length > 1 ? withReturn(path, returnTo(needs, res)) : returnTo(needs, res));
  });
}

async function due(needs: SignInNeeds, { subject, roles }: Session): Promise<readonly DueText[]> {
  const now = needs.clock.now();
  const said = await needs.acknowledgements.latest(subject);
  return dueTexts(needs.settings.acknowledge, roles, said, { now, today: needs.localDay(now) });
}

/** What the person has read is what they acknowledge. */
function isShown(req: Request, { text: { version, hash } }: DueText): boolean {
  return fieldOf(req, 'version') === version && fieldOf(req, 'hash') === hash;
}

function show(
  needs: SignInNeeds,
  res: Response,
  session: Session,
  [first, ...others]: readonly DueText[],
  problem: AcknowledgePageParts['problem'],
): void {
  const back = returnTo(needs, res);
  if (first === undefined) {
    sendOn(res, back);
    return;
  }
  const { text, postponementsLeft } = first;
  const may = needs.policy().rules.some(({ emergencyRoles }) => emergencyRoles.some((role) => session.roles.includes(role)));
  const page = acknowledgePage({
    clinic: pageClinic(needs, res),
    action: withReturn(path, back),
    text,
    postponementsLeft,
    more: others.length,
    emergency: may ? withReturn('/.wardgate/emergency', back) : null,
    problem,
  });
  sendPage(res, page, problem === null ? 200 : 400);
}
