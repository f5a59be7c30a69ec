// GET and POST /.wardgate/sessions: a person's own sessions, each with a way to end it, their devices, and what was recorded of
// them lately. Nobody else's: a person is (issuer, sub), whatever they are called. Looking is recorded as well.

import type { Response } from 'express';
import { showPatients, textsOf } from '../core/patients/show-patients.ts';
import { tokensIn } from '../core/patients/shown-tokens.ts';
import { ownSessionsPage } from '../pages/own-sessions-page.ts';
import type { OwnSession, RecentAccess } from '../pages/own-sessions-page.ts';
import type { Session } from '../ports.ts';
import type { FoundRequest } from '../search-ports.ts';
import { clinicMoment } from './clinic-moment.ts';
import { fieldOf } from './factor-route.ts';
import { oneOfEachLink, otherSessions, placeOf } from './other-sessions.ts';
import type { PlacedSession } from './other-sessions.ts';
import type { OwnContext } from './own-context.ts';
import { pageClinic } from './page-clinic.ts';
import { record, recordedSession } from './record.ts';
import { refuseScript } from './refuse-script.ts';
import { sendOn, sendPage } from './send.ts';
import { sessionPage } from './session-page.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

const path = '/.wardgate/sessions';
/** Records shown. */
const mostRecords = 30;
/** Looked at for them. */
const mostSearched = 300;
const sinceMilliseconds = 7 * 86_400_000;

export function showOwnSessions(needs: SignInNeeds) {
  return sessionPage(needs, async ({ req, res, session, context }) => {
    if (refuseScript(needs, req, res, false)) return;
    const found = await recent(needs, session, context);
    await show(needs, res, session, context, found);
  });
}

export function postOwnSessions(needs: SignInNeeds) {
  return sessionPage(needs, async ({ req, res, session, context }) => {
    const [one, all] = [fieldOf(req, 'end'), fieldOf(req, 'others')];
    for (const { session: other } of await elsewhere(needs, session))
      if (all !== undefined || other.reference === one) await endOther(needs, context, session, other);
    sendOn(res, path);
  });
}

/** What this browser has at other applications ends with this session, and is not elsewhere. */
function elsewhere(needs: SignInNeeds, { subject, key, place }: Session): Promise<readonly PlacedSession[]> {
  return otherSessions(needs, subject, key, place?.link ?? null);
}

/** Ended before it is recorded: a full disk must not keep it open where its person has left it. */
async function endOther(needs: SignInNeeds, context: OwnContext, session: Session, other: Session): Promise<void> {
  if (!(await needs.sessions.end(other.key, 'signed-out'))) return;
  const detail = `by its person, from session ${session.reference}`;
  await record(needs, context, 'session-ended', { ...recordedSession(other), reason: 'signed-out', detail });
}

/** What was noticed about them, and what followed, is for a reviewer to tell: nobody shall learn here how they are watched. */
const toldByReviewers: ReadonlySet<string> = new Set(['alert', 'response', 'response-lifted']);

/** Pictures and style sheets belong to pages that are listed themselves. */
function isOwnAccess({ category, event }: FoundRequest): boolean {
  return category !== 'static' && !toldByReviewers.has(event);
}

/** On record before anything is read. Null where the index cannot be asked now: the rest of the page is worth showing. */
async function recent(needs: SignInNeeds, session: Session, context: OwnContext): Promise<readonly FoundRequest[] | null> {
  const { issuer, sub } = session.subject;
  const detail = `the last ${mostRecords} records of their own`;
  await record(needs, context, 'own-access-viewed', { ...recordedSession(session), decision: 'allowed', detail });
  const query = { subject: { issuer, sub }, ended: true, since: needs.clock.now() - sinceMilliseconds } as const;
  try {
    const { requests } = await needs.records.search(query, mostSearched);
    const listed = requests.filter(isOwnAccess).slice(0, mostRecords);
    const known = await needs.patientNames.show(tokensIn(textsOf(listed)));
    return listed.map((one) => showPatients(one, known));
  } catch (cause) {
    needs.log.warn({ request: context.requestId, cause }, 'The record could not be searched for the page of a person');
    return null;
  }
}

async function show(
  needs: SignInNeeds,
  res: Response,
  session: Session,
  { application }: OwnContext,
  found: readonly FoundRequest[] | null,
): Promise<void> {
  const clinic = pageClinic(needs, res);
  const { timezone } = needs.settings.clinic;
  const now = needs.clock.now();
  const moment = (at: number): string => clinicMoment(at, now, clinic.language, timezone);
  const others = oneOfEachLink(await elsewhere(needs, session));
  const { issuer, sub } = session.subject;
  await needs.devices.latest();
  const owned = needs.devices.at(application).filter(({ owner }) => owner?.issuer === issuer && owner.sub === sub);
  const page = ownSessionsPage({
    clinic,
    waiting: needs.openQuestions.waiting(session.subject, now),
    here: sessionShown({ session, isLocked: false }, moment),
    others: others.map((other) => sessionShown(other, moment)),
    devices: owned.map(({ name, registeredAt }) => ({ name, since: moment(registeredAt) })),
    access: found?.map((one) => accessShown(one, moment)) ?? null,
  });
  sendPage(res, page);
}

function sessionShown({ session, isLocked }: PlacedSession, moment: (at: number) => string): OwnSession {
  const { reference, createdAt, lastActiveAt, parked = null } = session;
  const state = parked !== null ? 'waiting' : isLocked ? 'locked' : 'in-use';
  return { reference, place: placeOf(session), since: moment(createdAt), lastSeen: moment(lastActiveAt), state };
}

function accessShown(one: FoundRequest, moment: (at: number) => string): RecentAccess {
  const { time, event, method, target, patient, decision, reason, address } = one;
  const asked = event === 'outcome' || event === 'refusal';
  return {
    time: moment(time),
    what: asked ? null : event,
    request: asked && target !== null ? `${method ?? ''} ${target}` : null,
    patient,
    address,
    decision: decisionIn(decision),
    reason,
  };
}

function decisionIn(recorded: string | null): RecentAccess['decision'] {
  return recorded === 'allowed' || recorded === 'refused' || recorded === 'observed' ? recorded : null;
}
