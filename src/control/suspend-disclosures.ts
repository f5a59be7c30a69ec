// `disclosure suspend`, `held-back` and `lift`: leaving out of a patient's accounting what went to an agency, for as long as that
// agency asks for it (45 CFR 164.528(a)(2)). Who asks and why lies sealed; the record says that it is so, and until when.

import { readDay } from '../core/disclosures/read-day.ts';
import { isInForce, judgeSuspensionEnd } from '../core/disclosures/suspension.ts';
import type { Order, OrderPlan } from '../control-ports.ts';
import type { DisclosureBook } from '../disclosure-ports.ts';
import type { PatientTokens } from '../patient-ports.ts';
import type { Randomness } from '../ports.ts';
import { isoTime } from './iso-time.ts';
import { recordDurably } from './record-durably.ts';
import type { RecordDurablyNeeds } from './record-durably.ts';

export interface SuspendDisclosuresNeeds extends RecordDurablyNeeds {
  readonly disclosures: Pick<DisclosureBook, 'suspend' | 'suspensions' | 'lift'>;
  readonly patientTokens: Pick<PatientTokens, 'remember' | 'tokenOf'>;
  readonly randomness: Randomness;
}

export function suspendDisclosures(needs: SuspendDisclosuresNeeds): Order {
  return {
    name: 'disclosure suspend',
    // The reason is a field: what an agency looks into must not stand in the log, and the reason of an order does.
    fields: ['patient', 'agency', 'why'],
    mayHave: ['until', 'oral'],
    needsReason: false,
    plan: ({ fields }) => Promise.resolve(plan(needs, fields)),
  };
}

function plan(needs: SuspendDisclosuresNeeds, fields: ReadonlyMap<string, string>): OrderPlan {
  const [patient = '', agency = '', why = ''] = ['patient', 'agency', 'why'].map((name) => fields.get(name)?.trim());
  if (patient === '' || agency === '' || why === '') return { planned: false, why: 'Say whose, for which agency, and why' };
  const stated = fields.get('until');
  const until = stated === undefined ? null : readDay(stated);
  if (stated !== undefined && until === null) return { planned: false, why: `"${stated}" is no day, write it as 2027-03-31` };
  const oral = fields.get('oral') === 'yes';
  const from = needs.clock.now();
  const end = judgeSuspensionEnd(until, oral, from);
  if (!end.ok) return { planned: false, why: end.why };
  const suspension = { patient, agency, because: why, oral, from, until: end.until, liftedAt: null };
  return {
    planned: true,
    subject: null,
    carryOut: async () => {
      const id = needs.randomness.id();
      await needs.patientTokens.remember(patient);
      const token = needs.patientTokens.tokenOf(patient);
      const detail = `${id}, ${oral ? 'asked for by word of mouth' : 'asked for in writing'}, until ${isoTime(end.until)}`;
      await recordDurably(needs, 'disclosure-suspended', { patient: token, detail });
      await needs.disclosures.suspend(id, suspension);
      return { done: true, told: { suspension: id, until: isoTime(end.until) } };
    },
  };
}

/** All there are, those that have ended too. */
export function listHeldBack({ disclosures, clock }: SuspendDisclosuresNeeds): Order {
  const carryOut = async () => {
    const now = clock.now();
    const all = await disclosures.suspensions();
    const told = all.map((one) => ({
      ...one,
      from: isoTime(one.from),
      until: isoTime(one.until),
      liftedAt: isoTime(one.liftedAt),
      inForce: isInForce(one, now),
    }));
    return { done: true, told: { suspensions: told } } as const;
  };
  const planned = { planned: true, subject: null, carryOut } as const;
  return { name: 'disclosure held-back', fields: [], needsReason: false, plan: () => Promise.resolve(planned) };
}

export function liftSuspension(needs: SuspendDisclosuresNeeds): Order {
  return {
    name: 'disclosure lift',
    fields: ['suspension'],
    needsReason: false,
    plan: async ({ fields }) => {
      const id = fields.get('suspension') ?? '';
      const found = (await needs.disclosures.suspensions()).find((one) => one.id === id);
      if (found === undefined || !isInForce(found, needs.clock.now()))
        return { planned: false, why: 'Nothing is held back under this number; "disclosure held-back" lists what is' };
      return {
        planned: true,
        subject: null,
        detail: id,
        carryOut: async () => {
          const patient = needs.patientTokens.tokenOf(found.patient);
          await recordDurably(needs, 'disclosure-resumed', { patient, detail: `${id}, lifted before its time` });
          await needs.disclosures.lift(id, needs.clock.now());
          return { done: true, told: { lifted: id } };
        },
      };
    },
  };
}
