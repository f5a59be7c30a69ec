// `user enrol-code`: a code with which one person, once, sets up a first second factor from wherever they are. Works before
// they have ever signed in, so it is bound to the login name.

import type { Order, OrderPlan } from '../control-ports.ts';
import { quote } from '../core/audit/quote.ts';
import type { GivenOrder } from '../core/control/read-order.ts';
import { enrolCodeHours } from '../core/second-factor/enrol-code.ts';
import type { FactorStore } from '../identity-ports.ts';
import type { PasskeyStore } from '../passkey-ports.ts';
import type { EnrolCodes } from '../people-ports.ts';
import type { Clock } from '../ports.ts';
import { findKnownPerson } from './find-known-person.ts';
import type { FindKnownPersonNeeds, NamedPerson } from './find-known-person.ts';
import { isoTime } from './iso-time.ts';

export interface IssueEnrolCodeNeeds extends FindKnownPersonNeeds {
  readonly issuer: string;
  readonly clock: Clock;
  readonly factors: Pick<FactorStore, 'totp'>;
  readonly passkeys: Pick<PasskeyStore, 'list'>;
  readonly enrolCodes: Pick<EnrolCodes, 'issue'>;
}

export function issueEnrolCode(needs: IssueEnrolCodeNeeds): Order {
  return {
    name: 'user enrol-code',
    fields: ['person'],
    mayHave: ['hours'],
    needsReason: false,
    plan: async (given) => plan(needs, given),
  };
}

async function plan(needs: IssueEnrolCodeNeeds, given: GivenOrder): Promise<OrderPlan> {
  const hours = hoursOf(given.fields.get('hours'));
  if (hours === null) return { planned: false, why: `A code lasts 1 to ${enrolCodeHours.most} hours, in whole ones` };
  const asked = given.fields.get('person') ?? '';
  const found = await findKnownPerson(needs, asked);
  if (found.found === 'several') return { planned: false, why: found.why };
  const person = found.found === 'one' ? found.person : null;
  const name = person?.name ?? asked;
  const hindered = person === null ? null : await hindrance(needs, person);
  if (hindered !== null) return { planned: false, why: hindered };
  const carryOut = async () => {
    const expiresAt = needs.clock.now() + hours * 3_600_000;
    const code = await needs.enrolCodes.issue(needs.issuer, name, expiresAt);
    return { done: true, told: { name, known: person !== null, code, expiresAt: isoTime(expiresAt) } } as const;
  };
  return { planned: true, subject: { issuer: needs.issuer, sub: person?.sub ?? '', name }, carryOut };
}

async function hindrance(needs: IssueEnrolCodeNeeds, { issuer, sub, name, leftAt }: NamedPerson): Promise<string | null> {
  const shown = quote(name, 200);
  if (leftAt !== null) return `${shown} has left; take them back with wardgate user readmit first`;
  const [code, passkeys] = await Promise.all([needs.factors.totp(issuer, sub), needs.passkeys.list(issuer, sub)]);
  if (code === null && passkeys.length === 0) return null;
  return `${shown} has a second factor already; where it is lost, take it away with wardgate user reset-factor first`;
}

function hoursOf(text: string | undefined): number | null {
  if (text === undefined) return enrolCodeHours.usual;
  const hours = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  return hours >= 1 && hours <= enrolCodeHours.most ? hours : null;
}
