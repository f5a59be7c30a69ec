// `disclosure add` and `disclosure withdraw`: a disclosure that did not pass the gateway (paper, telephone), told by a person, or one
// that is set right; and one that was none. What is on record is never edited: a later record takes its place.

import { auditEntry } from '../core/audit/entry.ts';
import { readDayMade } from '../core/disclosures/read-day.ts';
import { readDisclosure } from '../core/disclosures/read-disclosure.ts';
import type { Order, OrderPlan } from '../control-ports.ts';
import type { DisclosureRecorder } from '../disclosure-ports.ts';
import type { Clock } from '../ports.ts';

export interface AddDisclosureNeeds {
  readonly clock: Clock;
  readonly disclosureRecorder: DisclosureRecorder;
}

const disclosureId = /^[\w-]{43}$/;
const nobody = { issuer: '', sub: '' } as const;

export function addDisclosure(needs: AddDisclosureNeeds): Order {
  return {
    name: 'disclosure add',
    fields: ['recipient', 'description', 'purpose', 'basis'],
    mayHave: ['address', 'patients', 'count', 'made-on', 'replaces'],
    needsReason: false,
    plan: ({ fields }) => Promise.resolve(plan(needs, fields)),
  };
}

function plan({ clock, disclosureRecorder }: AddDisclosureNeeds, fields: ReadonlyMap<string, string>): OrderPlan {
  const read = readDisclosure(Object.fromEntries(fields), false);
  if (!read.ok) return { planned: false, why: `The ${read.field} of the disclosure is ${read.wrong.replace('-', ' ')}` };
  const replaces = fields.get('replaces') ?? null;
  if (replaces !== null && !disclosureId.test(replaces)) return { planned: false, why: 'There is no disclosure of this number' };
  const day = readDayMade(fields.get('made-on') ?? '', clock.now());
  if (!day.ok) return { planned: false, why: day.why };
  const { disclosure, patients } = read;
  return {
    planned: true,
    subject: null,
    carryOut: async () => {
      const { madeAt, madeOn } = day;
      const answer = { leaves: true, disclosure, patients } as const;
      const how = replaces === null ? 'told by a person' : 'in place of';
      const entry = auditEntry('disclosure', clock.now());
      const id = await disclosureRecorder.record({ entry, answer, how, madeAt, madeOn, replaces, who: nobody });
      return { done: true, told: { disclosure: id, patients: patients.length } };
    },
  };
}

/** It stayed inside after all, or never happened. */
export function withdrawDisclosure({ clock, disclosureRecorder }: AddDisclosureNeeds): Order {
  return {
    name: 'disclosure withdraw',
    fields: ['disclosure'],
    needsReason: true,
    plan: ({ fields }) => {
      const id = fields.get('disclosure') ?? '';
      if (!disclosureId.test(id)) return Promise.resolve({ planned: false, why: 'There is no disclosure of this number' });
      const carryOut = async () => {
        const entry = auditEntry('disclosure-not', clock.now());
        const told = { entry, answer: { leaves: false }, how: 'in place of', replaces: id } as const;
        await disclosureRecorder.record({ ...told, madeAt: clock.now(), who: nobody });
        return { done: true, told: { withdrawn: id } } as const;
      };
      return Promise.resolve({ planned: true, subject: null, detail: id, carryOut });
    },
  };
}
