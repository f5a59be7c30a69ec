// `user end`, `user readmit` and `user release-name`: somebody leaves, comes back, or leaves their login name to somebody new.

import type { Order, OrderPlan } from '../control-ports.ts';
import { noticeTime } from '../core/control/notice-time.ts';
import type { GivenOrder } from '../core/control/read-order.ts';
import type { EnrolCodes, Leavers } from '../people-ports.ts';
import { quote } from '../core/audit/quote.ts';
import { endPerson } from './end-person.ts';
import type { EndPersonNeeds } from './end-person.ts';
import { findKnownPerson } from './find-known-person.ts';
import { listCandidates } from './list-candidates.ts';
import type { ListCandidatesNeeds } from './list-candidates.ts';
import { personOrder } from './person-order.ts';
import { recordDurably } from './record-durably.ts';

export interface UserEndNeeds extends ListCandidatesNeeds, EndPersonNeeds {
  readonly issuer: string;
  /** Of the clinic. */
  readonly timezone: string;
  readonly leavers: Leavers;
  readonly enrolCodes: Pick<EnrolCodes, 'openUntil' | 'revoke'>;
  readonly sessions: EndPersonNeeds['sessions'];
}

export function userEnd(needs: UserEndNeeds): Order {
  return {
    name: 'user end',
    fields: ['person'],
    mayHave: ['notice'],
    needsReason: true,
    plan: async (given) => plan(needs, given),
  };
}

export function readmit(needs: UserEndNeeds): Order {
  return personOrder(needs, {
    name: 'user readmit',
    needsReason: true,
    carryOut: async (person) => {
      if ((await needs.leavers.readmit(person)) === 0)
        return { done: false, why: `"${person.name}" has not left: nothing keeps them out` };
      const { issuer, sub, name } = person;
      await recordDurably(needs, 'readmitted', { subject: { issuer, sub, name }, decision: 'allowed' });
      return { done: true, told: { name } };
    },
  });
}

export function releaseName(needs: UserEndNeeds): Order {
  return {
    name: 'user release-name',
    fields: ['person'],
    needsReason: true,
    plan: async ({ fields }) => {
      const name = fields.get('person') ?? '';
      const carryOut = async () => {
        const freed = await needs.leavers.releaseName(needs.issuer, name);
        if (freed > 0) return { done: true, told: { name } } as const;
        return { done: false, why: `Nobody who left keeps the login name ${quote(name, 200)}` } as const;
      };
      return Promise.resolve({ planned: true, subject: { issuer: needs.issuer, sub: '', name }, carryOut });
    },
  };
}

async function plan(needs: UserEndNeeds, given: GivenOrder): Promise<OrderPlan> {
  const notice = noticeTime(given.fields.get('notice'), needs.timezone, needs.clock.now());
  if (!notice.ok) return { planned: false, why: notice.why };
  const asked = given.fields.get('person') ?? '';
  const found = await findKnownPerson(needs, asked);
  // Somebody who never came may still have a code that lets them in.
  const waits = found.found === 'none' && (await needs.enrolCodes.openUntil(needs.issuer, asked, needs.clock.now())) !== null;
  if (found.found !== 'one' && !waits) return { planned: false, why: found.why, candidates: await listCandidates(needs, asked) };
  const { issuer, sub, name } = found.found === 'one' ? found.person : { issuer: needs.issuer, sub: '', name: asked };
  const before = found.found === 'one' && found.person.leftAt !== null;
  const carryOut = async () => {
    const ended = await endPerson(needs, { issuer, sub, name, noticedAt: notice.at });
    return { done: true, told: { ...ended, before } } as const;
  };
  return { planned: true, subject: { issuer, sub, name }, carryOut };
}
