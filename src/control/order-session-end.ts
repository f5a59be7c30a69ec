// `session end`: ends the sessions of one person, the one of a reference, or all of them. What is under way for them is cut at
// once and the EHR is logged out of, as with every end. Ended first, all of them, and then recorded one by one: the order
// itself is on record beforehand.

import type { Session } from '../core/session/session.ts';
import type { Order, OrderPlan, OrderResult } from '../control-ports.ts';
import type { SessionStore } from '../ports.ts';
import type { SessionList } from '../session-ports.ts';
import { recordDurably } from './record-durably.ts';
import type { RecordDurablyNeeds } from './record-durably.ts';

export interface OrderSessionEndNeeds extends RecordDurablyNeeds {
  readonly sessions: SessionList & Pick<SessionStore, 'end' | 'unconfirmedEnds'>;
  /** Requests under way for the session of this key. */
  readonly running: (key: string) => number;
}

type Meant = { readonly sessions: readonly Session[]; readonly detail: string } | { readonly why: string };

export function orderSessionEnd(needs: OrderSessionEndNeeds): Order {
  return {
    name: 'session end',
    fields: [],
    mayHave: ['person', 'reference', 'all'],
    needsReason: true,
    plan: async ({ fields, because }): Promise<OrderPlan> => {
      const found = meant(needs.sessions.all(), fields);
      if ('why' in found) return Promise.resolve({ planned: false, why: found.why });
      const people = new Set(found.sessions.map(({ subject }) => JSON.stringify([subject.issuer, subject.sub])));
      const { issuer = '', sub = '', name = '' } = found.sessions[0]?.subject ?? {};
      const subject = people.size === 1 ? { issuer, sub, name } : null;
      const carryOut = async (): Promise<OrderResult> => end(needs, found.sessions, because ?? '');
      return Promise.resolve({ planned: true, subject, detail: found.detail, carryOut });
    },
  };
}

function meant(all: readonly Session[], fields: ReadonlyMap<string, string>): Meant {
  const [[by, what] = ['', ''], ...more] = fields;
  if (by === '' || more.length > 0) return { why: 'Say whose sessions end: one person, one reference, or all' };
  if (by === 'all')
    return all.length === 0 ? { why: 'Nobody is signed in' } : { sessions: all, detail: `all ${all.length} sessions` };
  if (by === 'person') return ofPerson(all, what);
  const sessions = all.filter(({ reference }) => reference === what);
  return sessions.length === 0
    ? { why: `There is no session "${what}"; "session list" names those there are` }
    : { sessions, detail: `session ${what}` };
}

/** By the login name, to the letter. Two people of one name are told apart by reference. */
function ofPerson(all: readonly Session[], name: string): Meant {
  const sessions = all.filter(({ subject }) => subject.name === name);
  const [first] = sessions;
  if (first === undefined) return { why: `"${name}" is not signed in${alike(all, name)}` };
  const isOne = sessions.every(({ subject }) => subject.sub === first.subject.sub && subject.issuer === first.subject.issuer);
  if (isOne) return { sessions, detail: `${sessions.length} of "${name}"` };
  const candidates = sessions.map(({ reference, subject }) => `${reference} (${subject.displayName}, "${subject.sub}")`);
  return { why: `"${name}" is more than one person; end one with --reference: ${candidates.join(', ')}` };
}

function alike(all: readonly Session[], name: string): string {
  const names = new Set(all.map(({ subject }) => subject.name).filter((one) => one.toLowerCase() === name.toLowerCase()));
  return names.size === 0 ? '' : `; did you mean ${[...names].map((one) => `"${one}"`).join(' or ')}?`;
}

async function end(needs: OrderSessionEndNeeds, sessions: readonly Session[], because: string): Promise<OrderResult> {
  const ended: { readonly session: Session; readonly cut: number }[] = [];
  for (const session of sessions) {
    const cut = needs.running(session.key);
    if (await needs.sessions.end(session.key, 'revoked')) ended.push({ session, cut });
  }
  for (const { session } of ended) {
    const { subject, roles, reference } = session;
    await recordDurably(needs, 'session-ended', { subject, roles, session: reference, reason: 'revoked', detail: because });
  }
  const told = ended.map(({ session: { reference, subject }, cut }) => ({ reference, name: subject.name, cut }));
  return { done: true, told: { ended: told, unconfirmed: ended.length > 0 && needs.sessions.unconfirmedEnds !== null } };
}
