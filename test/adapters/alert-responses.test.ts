// What follows an alert is done once, told in words where it fails, and ends no session that began after the alert.

import { expect, it } from 'vitest';
import { AlertResponses } from '../../src/adapters/alert-responses.ts';
import type { AlertResponsesNeeds, RecordedAlert } from '../../src/adapters/alert-responses.ts';
import type { AuditEntry } from '../../src/core/audit/entry.ts';
import { usualRestrictions } from '../../src/core/respond/restriction-settings.ts';
import type { Restriction } from '../../src/core/respond/restriction.ts';
import type { Session } from '../../src/core/session/session.ts';
import { signedIn } from '../support/session-gateway.ts';
import { silentLog } from '../support/silent-log.ts';

const noon = Date.parse('2026-11-23T12:00:00.000Z');
const alert: RecordedAlert = {
  sequence: 17,
  time: noon,
  detector: 'two-places',
  person: { issuer: 'https://idp.example', sub: '1', name: 'nora', key: 'k' },
};

function place(more: Partial<AlertResponsesNeeds> = {}) {
  const written: AuditEntry[] = [];
  const imposed: Restriction[] = [];
  const ended: string[] = [];
  const session = (key: string, createdAt: number): Session => ({ ...signedIn('nurse').session, key, reference: key, createdAt });
  const there = [session('before', noon - 1), session('at once', noon), session('later', noon + 1), session('gone', noon - 2)];
  const responder = new AlertResponses({
    audit: { append: async (entry) => Promise.resolve({ sequence: written.push(entry), durable: Promise.resolve() }) },
    clock: { now: () => noon + 5 },
    log: silentLog,
    sessions: {
      ofSubject: () => Promise.resolve(there),
      end: (key) => Promise.resolve(key !== 'gone' && ended.push(key) > 0),
    },
    restrictions: { impose: async (one) => Promise.resolve(void imposed.push(one)) },
    figures: { ...usualRestrictions, block: { forSeconds: null } },
    ...more,
  });
  const told = () => written.map(({ event, reason, detail, session: of }) => [event, reason, detail, of]);
  return { responder, imposed, ended, told };
}

it('is carried out in its order, on record each, and not again', async () => {
  const { responder, imposed, told } = place();
  await Promise.all([responder.respond(alert, ['step-up', 'slow', 'block']), responder.respond(alert, ['block', 'slow'])]);
  expect(imposed.map(({ kind, alert: of, until }) => [kind, of, until])).toEqual([
    ['step-up', 17, noon + 86_400_000],
    ['block', 17, null],
    ['slow', 17, noon + 3_600_000],
  ]);
  expect(told()).toHaveLength(3);
  expect(told()).toContainEqual(['response', 'block', 'To the alert at record 17: until a reviewer lifts it', null]);
  expect(told()).toContainEqual(['response', 'slow', 'To the alert at record 17: until 2026-11-23T13:00:00.000Z', null]);
  expect(responder.notices()).toEqual([]);
});

it('ends the sessions that were there, and none that began afterwards', async () => {
  const { responder, ended, told } = place();
  await responder.respond(alert, ['end-session']);
  expect(ended).toEqual(['before', 'at once']);
  expect(told()).toEqual([
    ['session-ended', 'revoked', 'After the alert at record 17', 'before'],
    ['session-ended', 'revoked', 'After the alert at record 17', 'at once'],
    ['response', 'end-session', 'To the alert at record 17: 2 sessions ended', null],
  ]);
});

it('asks the person where somebody can', async () => {
  const asked: RecordedAlert[] = [];
  const { responder, told } = place();
  responder.onAsk(async (one) => {
    asked.push(one);
    return Promise.resolve('the person is asked, in case c');
  });
  await responder.respond(alert, ['ask']);
  expect([asked, told()]).toEqual([
    [alert],
    [['response', 'ask', 'To the alert at record 17: the person is asked, in case c', null]],
  ]);
});

it('says that something failed, and goes on with the rest', async () => {
  const blocked: string[] = [];
  const { responder, told } = place({ restrictions: { impose: () => Promise.reject(new Error('the disk is full')) } });
  responder.onBlocked(({ name }) => blocked.push(name));
  await responder.respond(alert, ['ask', 'block', 'end-session']);
  expect(responder.notices()).toEqual([
    'What should have followed 2 alerts could not be carried out or recorded; it is tried again',
  ]);
  expect([told().at(-1)?.[1], blocked]).toEqual(['end-session', []]);
});
