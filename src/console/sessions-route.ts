// GET and POST /.wardgate/console/sessions: who is signed in, and ending that. Judged by the rule for the console and recorded
// like it before this is reached; only a form of this page ends anything, and its reason is on record first.

import { urlencoded } from 'express';
import type { Request, RequestHandler, Response } from 'express';
import type { ClinicSettings } from '../config/settings.ts';
import { auditEntry } from '../core/audit/entry.ts';
import type { AuditEntry, AuditEvent } from '../core/audit/entry.ts';
import { writeConsoleOrder } from '../core/audit/order-note.ts';
import type { Session } from '../core/session/session.ts';
import { contentSecurityPolicy } from '../pages/content-security-policy.ts';
import type { AuditLog, Clock, OwnPageContext, SessionStore } from '../ports.ts';
import type { SessionList } from '../session-ports.ts';
import { isOwnForm } from './own-form.ts';
import { sessionsPage } from './sessions-page.ts';
import type { SessionsPageParts } from './sessions-page.ts';

export interface SessionsRouteNeeds {
  readonly clinic: Pick<ClinicSettings, 'name' | 'help' | 'timezone'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly sessions: SessionList & Pick<SessionStore, 'end' | 'unconfirmedEnds'>;
  /** Requests under way for the session of this key. */
  readonly running: (key: string) => number;
  /** The public origin of an application. */
  readonly originOf: (application: string) => string;
}

export function showSessions(needs: SessionsRouteNeeds): RequestHandler {
  return (_req, res) => send(needs, res, null, 200);
}

export function postSessions(needs: SessionsRouteNeeds): readonly RequestHandler[] {
  const form = urlencoded({ extended: false, inflate: false, limit: 4096, parameterLimit: 4 });
  return [form, async (req, res) => end(needs, req, res)];
}

async function end(needs: SessionsRouteNeeds, req: Request, res: Response): Promise<void> {
  const context = res.locals['own'] as OwnPageContext;
  if (!isOwnForm(req, needs.originOf(context.application))) {
    res.status(403).type('text').send('This form must be sent from the console');
    return;
  }
  const { reference, because } = (req.body ?? {}) as { readonly reference?: unknown; readonly because?: unknown };
  const why = typeof because === 'string' ? because.trim().slice(0, 300) : '';
  if (why.length < 3) return send(needs, res, 'why', 400);
  const session = needs.sessions.all().find((one) => one.reference === reference);
  if (session === undefined) return send(needs, res, 'gone', 409);
  const by = context.session?.subject.name ?? '';
  await record(needs, context, 'order', session, {
    decision: 'allowed',
    detail: writeConsoleOrder({ name: 'session end', by, because: why }),
  });
  const ended = await needs.sessions.end(session.key, 'revoked');
  if (ended) await record(needs, context, 'session-ended', session, { reason: 'revoked', detail: why });
  const done = needs.sessions.unconfirmedEnds === null ? 'ended' : 'unconfirmed';
  send(needs, res, ended ? done : 'gone', 200);
}

/** On disk before it returns. */
async function record(
  { audit, clock }: SessionsRouteNeeds,
  { requestId, address, agent, application }: OwnPageContext,
  event: AuditEvent,
  { subject, roles, reference }: Session,
  fields: Partial<AuditEntry>,
): Promise<void> {
  const { issuer, sub, name } = subject;
  const whose = { subject: { issuer, sub, name }, roles, session: reference };
  const where = { request: requestId, address, agent, application };
  const receipt = await audit.append(auditEntry(event, clock.now(), { ...where, ...whose, ...fields }));
  await receipt.durable;
}

function send(
  { clinic, sessions, running }: SessionsRouteNeeds,
  res: Response,
  told: SessionsPageParts['told'],
  status: number,
): void {
  const all = sessions.all().map((session) => ({ session, running: running(session.key) }));
  res.setHeader('Content-Security-Policy', contentSecurityPolicy());
  res
    .status(status)
    .type('html')
    .send(sessionsPage({ clinic, sessions: all, told }));
}
