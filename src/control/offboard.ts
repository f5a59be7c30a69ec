// `user offboard` and `user readmit`: somebody leaves. First the door is shut, then everything behind it is taken away, each
// step with its time, so that a clinic can show how long it took.

import type { Order, OrderPlan } from '../control-ports.ts';
import { writeLeavingNote } from '../core/audit/leaving-note.ts';
import type { GivenOrder } from '../core/control/read-order.ts';
import type { Subject } from '../core/session/session.ts';
import type { CredentialVault } from '../ehr-ports.ts';
import type { HeldPosts } from '../held-ports.ts';
import type { EnrolCodes, Leavers } from '../people-ports.ts';
import { endSessions } from './end-sessions.ts';
import type { EndSessionsNeeds } from './end-sessions.ts';
import { findKnownPerson } from './find-known-person.ts';
import type { FindKnownPersonNeeds } from './find-known-person.ts';
import { forgetFactors } from './forget-factors.ts';
import type { ForgetFactorsNeeds } from './forget-factors.ts';
import { isoTime } from './iso-time.ts';
import { personOrder } from './person-order.ts';
import { recordDurably } from './record-durably.ts';

export interface OffboardNeeds extends FindKnownPersonNeeds, EndSessionsNeeds, ForgetFactorsNeeds {
  readonly issuer: string;
  readonly leavers: Leavers;
  readonly vault: Pick<CredentialVault, 'removeAll'>;
  readonly enrolCodes: Pick<EnrolCodes, 'openUntil' | 'revoke'>;
  readonly held: Pick<HeldPosts, 'discardAll'>;
}

type Leaver = Pick<Subject, 'issuer' | 'sub' | 'name'>;

const why = 'the person has left';

export function offboard(needs: OffboardNeeds): Order {
  return {
    name: 'user offboard',
    fields: ['person'],
    mayHave: ['noticed-at'],
    needsReason: true,
    plan: async (given) => plan(needs, given),
  };
}

export function readmit(needs: OffboardNeeds): Order {
  return personOrder(needs, {
    name: 'user readmit',
    needsReason: true,
    carryOut: async (person) => {
      if ((await needs.leavers.readmit(person)) === 0)
        return { done: false, why: `"${person.name}" has not left: nothing keeps them out` };
      await recordDurably(needs, 'readmitted', { subject: who(person), decision: 'allowed' });
      return { done: true, told: { name: person.name } };
    },
  });
}

async function plan(needs: OffboardNeeds, given: GivenOrder): Promise<OrderPlan> {
  const noticed = noticedAt(given.fields.get('noticed-at'), needs.clock.now());
  if (typeof noticed === 'string') return { planned: false, why: noticed };
  const asked = given.fields.get('person') ?? '';
  const found = await findKnownPerson(needs, asked);
  // Somebody who never came may still have a code that lets them in.
  const waits = found.found === 'none' && (await needs.enrolCodes.openUntil(needs.issuer, asked, needs.clock.now())) !== null;
  if (found.found !== 'one' && !waits) return { planned: false, why: found.why };
  const person = found.found === 'one' ? found.person : { issuer: needs.issuer, sub: '', name: asked };
  const carryOut = async () => {
    const steps = await takeAway(needs, person);
    const minutes = noticed.at === null ? null : Math.ceil((needs.clock.now() - noticed.at) / 60_000);
    const notice = minutes === null || noticed.at === null ? null : { at: isoTime(noticed.at), minutes };
    const detail = writeLeavingNote({ steps, notice });
    await recordDurably(needs, 'offboarded', { subject: who(person), decision: 'allowed', detail });
    return { done: true, told: { name: person.name, steps, minutesFromNotice: minutes } } as const;
  };
  return { planned: true, subject: who(person), carryOut };
}

/** Every step may be done again: whoever is told that one failed gives the order once more. */
async function takeAway(needs: OffboardNeeds, person: Leaver) {
  const steps: { readonly what: string; readonly count: number; readonly at: string }[] = [];
  const step = async (what: string, count: Promise<number>): Promise<number> => {
    const done = await count;
    steps.push({ what, count: done, at: isoTime(needs.clock.now()) });
    return done;
  };
  await needs.leavers.block(person, needs.clock.now());
  await step('sign-in blocked', Promise.resolve(1));
  await step('sessions ended', endSessions(needs, person, why));
  const factors = await forgetFactors(needs, person, why);
  for (const [what, count] of Object.entries(factors)) await step(`${what} removed`, Promise.resolve(count));
  const passwords = await step('EHR passwords removed', needs.vault.removeAll(person));
  if (passwords > 0)
    await recordDurably(needs, 'credential-removed', {
      subject: who(person),
      decision: 'allowed',
      detail: `${passwords}, ${why}`,
    });
  await step('enrolment codes voided', needs.enrolCodes.revoke(person.issuer, person.name));
  const posts = await step('held posts discarded', needs.held.discardAll(person));
  if (posts > 0) await recordDurably(needs, 'post-discarded', { subject: who(person), detail: `${posts}, ${why}` });
  return steps;
}

function who({ issuer, sub, name }: Leaver): Leaver {
  return { issuer, sub, name };
}

/** When the clinic heard of it, epoch milliseconds; null where it does not say; else what is wrong with it. */
function noticedAt(text: string | undefined, now: number): { readonly at: number | null } | string {
  if (text === undefined) return { at: null };
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(at)) return 'The time of the notice is written as 2026-11-29T14:05:00Z, or with an offset such as -06:00';
  return at > now ? 'The time of the notice is still to come' : { at };
}
