// POST /.wardgate/draft: keeps what somebody left half typed in a page of the EHR, as the page script read it. Kept for the
// person of the session alone, as text to be copied: nothing ever sends it. Never says what was in it, here or on record.

import type { RequestHandler } from 'express';
import { readDraft } from '../core/held/read-draft.ts';
import type { Draft } from '../core/held/read-draft.ts';
import { unknownPath } from '../core/patients/named-ids.ts';
import { redactTarget } from '../core/policy/redact.ts';
import { requestLine } from '../core/target/canonical-target.ts';
import { canonicalize } from '../core/target/canonicalize.ts';
import type { Session } from '../ports.ts';
import { heldSession } from './activity-route.ts';
import type { OwnContext } from './own-context.ts';
import { standingOf } from './read-browser.ts';
import { record, recordedSession } from './record.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

/** 204 where it is kept. The page script goes by the status alone. */
export function postDraft(needs: SignInNeeds): RequestHandler {
  return heldSession(needs, async ({ req, res, session, context }) => {
    if (standingOf(needs, session, context).standing === 'ended') {
      res.status(401).json({ kept: false });
      return;
    }
    const draft = readDraft(req.body);
    const kept = draft !== null && (await keep(needs, session, context, draft));
    if (kept) res.status(204).end();
    else res.status(draft === null ? 400 : 409).json({ kept: false });
  });
}

/** False where the person, or the whole place, has no more room, or the address is none. */
async function keep(needs: SignInNeeds, session: Session, context: OwnContext, { path, fields }: Draft): Promise<boolean> {
  const { settings, application } = context;
  const target = canonicalize(path, settings.targetProfile, needs.settings.limits.targetBytes);
  if ('reason' in target) return false;
  const body = Buffer.from(new URLSearchParams(fields.map(([name, text]): [string, string] => [name, text])).toString());
  const leaveRoom =
    body.length > needs.settings.limits.heldPostBytes ? null : needs.held.reserve(session.subject, body.length, 'draft');
  if (leaveRoom === null) return false;
  try {
    const id = needs.randomness.id();
    const where = {
      target: redactTarget({ ...target, query: null }, unknownPath, needs.recordedToken),
      bytesIn: body.length,
      detail: id,
    };
    await record(needs, context, 'draft-held', { ...recordedSession(session), ...where });
    const content = {
      target: requestLine(target),
      origin: settings.origin,
      contentType: 'application/x-www-form-urlencoded',
      body,
    };
    await needs.held.hold(id, session.subject, application, content, 'draft');
    return true;
  } finally {
    leaveRoom();
  }
}
