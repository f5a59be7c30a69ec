// Keeps the EHR's session open while ours is locked, so that whoever unlocks goes on where they were. Only with the request
// that the preset names, only in a session that is locked and signed on, and never longer than the lock may last. It is the
// gateway's own doing and is recorded as that; where it cannot be recorded it is not done.

import type { ApplicationSettings } from '../config/settings.ts';
import { auditEntry } from '../core/audit/entry.ts';
import { cookiesFor, storeCookies } from '../core/ehr/jar.ts';
import type { EhrReply } from '../core/ehr/ehr-reply.ts';
import { headersOf } from '../core/raw-headers.ts';
import type { Session } from '../core/session/session.ts';
import type { EhrClient, EhrStanding, EhrStandings } from '../ehr-ports.ts';
import type { AuditLog, Clock, SessionStore } from '../ports.ts';
import type { Leadership } from '../shared-ports.ts';

export interface KeepWarmNeeds {
  readonly applications: ReadonlyMap<string, ApplicationSettings>;
  readonly sessions: Pick<SessionStore, 'locked'>;
  readonly standings: EhrStandings;
  readonly client: EhrClient;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly clock: Clock;
  readonly leadership: Pick<Leadership, 'leads'>;
  /** An EHR did not answer, or it could not be recorded; it is tried again in its time. */
  readonly onFailed: (cause: unknown) => void;
}

/** In the records, beside the session that was kept. */
const gateway = { issuer: 'wardgate', sub: 'gateway', name: 'gateway' } as const;
/** Requests at the same time, so that a ward that locks at once is no flood. */
const mostAtOnce = 8;

interface Due {
  readonly session: Session;
  readonly application: ApplicationSettings;
  readonly standing: EhrStanding;
}

/** One look at the locked sessions; call it every few seconds. Never rejects. */
export function keepWarm(needs: KeepWarmNeeds): () => Promise<void> {
  /** Session reference and application → when the EHR was last asked, epoch milliseconds. */
  const asked = new Map<string, number>();
  let running = false;
  return async () => {
    if (running) return;
    running = true;
    try {
      // Of several gateways one asks: each of them would be a request that nobody made, and a record of it.
      const due = needs.leadership.leads ? await dueNow(needs, asked) : [];
      while (due.length > 0) await Promise.all(due.splice(0, mostAtOnce).map(async (one) => ask(needs, one)));
    } finally {
      running = false;
    }
  };
}

async function dueNow(needs: KeepWarmNeeds, asked: Map<string, number>): Promise<Due[]> {
  const { applications, sessions, clock } = needs;
  const now = clock.now();
  const due: Due[] = [];
  const seen = new Set<string>();
  for (const session of sessions.locked()) {
    for (const application of applications.values()) {
      const rule = application.keepWarm ?? null;
      const standing = rule === null ? null : await standingOf(needs, session, application.name);
      if (rule === null || standing?.standing !== 'signed-on') continue;
      const key = JSON.stringify([session.reference, application.name]);
      seen.add(key);
      const last = Math.max(asked.get(key) ?? 0, session.lockedAt ?? 0);
      if (now - last < rule.everySeconds * 1000) continue;
      asked.set(key, now);
      due.push({ session, application, standing });
    }
  }
  for (const key of asked.keys()) if (!seen.has(key)) asked.delete(key);
  return due;
}

/** None where it cannot be read: the EHR is asked in the next look. */
async function standingOf({ standings, onFailed }: KeepWarmNeeds, session: Session, name: string): Promise<EhrStanding | null> {
  try {
    return await standings.current(session, name);
  } catch (cause) {
    onFailed(cause);
    return null;
  }
}

async function ask(needs: KeepWarmNeeds, { session, application, standing }: Due): Promise<void> {
  const { name } = application;
  const target = application.keepWarm?.target ?? '/';
  const now = needs.clock.now();
  const cookie = cookiesFor(standing.jar, pathOf(target), now);
  if (cookie === null) return;
  try {
    const record = auditEntry('ehr-kept-warm', now, {
      subject: gateway,
      session: session.reference,
      application: name,
      method: 'GET',
      target: pathOf(target),
      detail: `for the locked session of ${session.subject.name}`,
    });
    await needs.audit.append(record);
    const reply = await needs.client.send(name, { method: 'GET', target, headers: ['cookie', cookie], body: null, address: '' });
    await keepCookies(needs, { session, application, standing }, reply, now);
  } catch (cause) {
    needs.onFailed(cause);
  }
}

/** A reply of an earlier sign-on changes nothing any more. */
async function keepCookies(
  { standings }: KeepWarmNeeds,
  { session, application, standing }: Due,
  reply: EhrReply,
  now: number,
): Promise<void> {
  const held = await standings.current(session, application.name);
  if (held?.generation !== standing.generation) return;
  const jar = storeCookies(held.jar, headersOf(reply.headers, 'set-cookie'), reply.target, now);
  if (jar !== held.jar) await standings.put(session, application.name, { ...held, jar });
}

function pathOf(target: string): string {
  return target.replace(/\?.*$/s, '');
}
