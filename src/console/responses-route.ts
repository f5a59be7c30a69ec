// GET and POST /.wardgate/console/review/responses: alerts with one click that ends the sessions of their person, and lifting what
// holds somebody. Judged and recorded like every page of the console before this is reached; what it does is on record first.

import { recordName } from '../core/audit/record-number.ts';
import { urlencoded } from 'express';
import type { Request, RequestHandler, Response } from 'express';
import type { ClinicSettings } from '../config/settings.ts';
import { auditEntry } from '../core/audit/entry.ts';
import type { AuditEntry, AuditEvent } from '../core/audit/entry.ts';
import { isKeptBack } from '../core/cases/kept-back.ts';
import { personKey } from '../core/downloads/person-key.ts';
import { hideIds } from '../core/patients/hide-ids.ts';
import type { TokenOf } from '../core/patients/hide-ids.ts';
import { responseDetail } from '../core/respond/alert-note.ts';
import type { Restriction } from '../core/respond/restriction.ts';
import type { Session } from '../core/session/session.ts';
import { contentSecurityPolicy } from '../pages/content-security-policy.ts';
import type { AuditLog, Clock, OwnPageContext, SessionStore } from '../ports.ts';
import type { Restrictions } from '../restriction-ports.ts';
import type { FoundRequest, RecordSearch } from '../search-ports.ts';
import type { SessionList } from '../session-ports.ts';
import { oneField } from './one-field.ts';
import { isOwnForm } from './own-form.ts';
import { responsesPage } from './responses-page.ts';
import type { ResponsesTold, ShownAlert } from './responses-page.ts';

export interface ResponsesRouteNeeds {
  readonly clinic: Pick<ClinicSettings, 'name' | 'help' | 'timezone'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly records: Pick<RecordSearch, 'search'>;
  readonly sessions: SessionList & Pick<SessionStore, 'end' | 'unconfirmedEnds'>;
  readonly restrictions: Pick<Restrictions, 'all' | 'lift' | 'latest'>;
  /** What a record says for a patient's id. */
  readonly recordedToken: TokenOf;
  /** Requests under way for the session of this key. */
  readonly running: (key: string) => number;
  /** The public origin of an application. */
  readonly originOf: (application: string) => string;
}

const shownAlerts = 100;
const shownMilliseconds = 7 * 86_400_000;

type Person = Pick<Session['subject'], 'issuer' | 'sub' | 'name'>;
type Sent = Readonly<Partial<Record<'end' | 'lift' | 'kind' | 'because', unknown>>>;

export function showResponses(needs: ResponsesRouteNeeds): RequestHandler {
  return async (_req, res) => send(needs, res, null, 200);
}

export function postResponses(needs: ResponsesRouteNeeds): readonly RequestHandler[] {
  const form = urlencoded({ extended: false, inflate: false, limit: 4096, parameterLimit: 4 });
  return [form, async (req, res) => act(needs, req, res)];
}

async function act(needs: ResponsesRouteNeeds, req: Request, res: Response): Promise<void> {
  const context = res.locals['own'] as OwnPageContext;
  if (!isOwnForm(req, needs.originOf(context.application))) {
    res.status(403).type('text').send('This form must be sent from the console');
    return;
  }
  const sent = (req.body ?? {}) as Sent;
  const told = sent.end === undefined ? await lift(needs, context, sent) : await endOf(needs, context, Number(sent.end));
  await send(needs, res, told, told === 'why' ? 400 : told === 'gone' ? 409 : told === 'own' ? 403 : 200);
}

async function lift(needs: ResponsesRouteNeeds, context: OwnPageContext, sent: Sent): Promise<ResponsesTold> {
  const now = needs.clock.now();
  await needs.restrictions.latest();
  const one = needs.restrictions.all(now).find(({ alert, kind }) => String(alert) === sent.lift && kind === sent.kind);
  if (one === undefined) return 'gone';
  if (isOwn(one, context)) return 'own';
  const why = typeof sent.because === 'string' ? sent.because.trim().slice(0, 300) : '';
  if (why.length < 3) return 'why';
  const detail = responseDetail(
    one.alert,
    `lifted by "${context.session?.subject.name ?? ''}", because: ${hideIds(why, needs.recordedToken)}`,
  );
  await record(needs, context, 'response-lifted', one.person, { reason: one.kind, detail });
  return (await needs.restrictions.lift(one, now)) ? 'lifted' : 'gone';
}

async function endOf(needs: ResponsesRouteNeeds, context: OwnPageContext, sequence: number): Promise<ResponsesTold> {
  const alert = await alertOf(needs, sequence);
  const sessions = alert === null ? [] : sessionsOf(needs, alert);
  if (alert === null || sessions.length === 0) return 'gone';
  const by = context.session?.subject.name ?? '';
  let ended = 0;
  for (const session of sessions) {
    const who = { session: session.reference, roles: session.roles };
    const detail = `"session end" in the console by "${by}", because: the alert at record ${recordName(sequence)}`;
    await record(needs, context, 'order', session.subject, { ...who, decision: 'allowed', detail });
    if (!(await needs.sessions.end(session.key, 'revoked'))) continue;
    ended += 1;
    const after = `After the alert at record ${recordName(sequence)}`;
    await record(needs, context, 'session-ended', session.subject, { ...who, reason: 'revoked', detail: after });
  }
  if (ended === 0) return 'gone';
  return needs.sessions.unconfirmedEnds === null ? 'ended' : 'unconfirmed';
}

async function alertOf({ records }: ResponsesRouteNeeds, sequence: number): Promise<FoundRequest | null> {
  if (!Number.isSafeInteger(sequence)) return null;
  const [found] = (await records.search({ event: 'alert', record: sequence }, 1)).requests;
  return found ?? null;
}

function sessionsOf({ sessions }: ResponsesRouteNeeds, { subject }: FoundRequest): readonly Session[] {
  if (subject === null) return [];
  const key = personKey(subject);
  return sessions.all().filter((one) => personKey(one.subject) === key);
}

function isOwn({ person }: Restriction, { session }: OwnPageContext): boolean {
  return session !== null && personKey(session.subject) === personKey(person);
}

/** On disk before it returns. */
async function record(
  { audit, clock }: ResponsesRouteNeeds,
  { requestId, address, agent, application }: OwnPageContext,
  event: AuditEvent,
  { issuer, sub, name }: Person,
  fields: Partial<AuditEntry>,
): Promise<void> {
  const where = { request: requestId, address, agent, application, subject: { issuer, sub, name } };
  await (
    await audit.append(auditEntry(event, clock.now(), { ...where, ...fields }))
  ).durable;
}

async function send(needs: ResponsesRouteNeeds, res: Response, told: ResponsesTold | null, status: number): Promise<void> {
  const context = res.locals['own'] as OwnPageContext;
  const now = needs.clock.now();
  const before = Number(oneField(context.target.query, 'before'));
  const isLater = Number.isSafeInteger(before) && before > 0;
  const asked = { event: 'alert', since: now - shownMilliseconds, ...(isLater && { before }) };
  const { requests, next } = await needs.records.search(asked, shownAlerts);
  // Nobody learns here that they were noticed, nor by what.
  const others = requests.filter((one) => !isKeptBack(one, context.session?.subject ?? null));
  const alerts = others.map((one): ShownAlert => {
    const sessions = sessionsOf(needs, one).map((session) => ({ session, running: needs.running(session.key) }));
    const { sequence, time, person, reason, detail } = one;
    return { sequence, time, person, detector: reason ?? '', words: detail ?? '', sessions };
  });
  await needs.restrictions.latest();
  const held = needs.restrictions.all(now).map((one) => ({ ...one, own: isOwn(one, context) }));
  res.setHeader('Content-Security-Policy', contentSecurityPolicy());
  res
    .status(status)
    .type('html')
    .send(responsesPage({ clinic: needs.clinic, alerts, older: next, isLater, held, told }));
}
