// `rules claim`: somebody takes a change upon them that was made in the file itself, without a name.

import type { ChangeClaims } from '../change-ports.ts';
import type { Order, OrderPlan } from '../control-ports.ts';
import type { GivenOrder } from '../core/control/read-order.ts';
import { mostNoteCharacters } from '../core/audit/rules-note.ts';

export interface ClaimChangeNeeds {
  readonly claims: ChangeClaims;
}

/** `change` is `rules 12` or `settings 3`. */
export function claimChange({ claims }: ClaimChangeNeeds): Order {
  return {
    name: 'rules claim',
    fields: ['change', 'person'],
    mayHave: ['approver'],
    needsReason: true,
    plan: (given) => Promise.resolve(plan(claims, given)),
  };
}

function plan(claims: ChangeClaims, { fields, because }: GivenOrder): OrderPlan {
  const change = fields.get('change') ?? '';
  const open = claims.unclaimed().find(({ of, note }) => `${of} ${note.sequence}` === change);
  if (open === undefined) return { planned: false, why: `There is no change "${change}" without an author` };
  const {
    person = '',
    reason,
    approver,
  } = { person: fields.get('person'), reason: because ?? '', approver: fields.get('approver') };
  const long = [person, approver ?? ''].some((name) => name.length > mostNoteCharacters.person);
  if (long || reason.length > mostNoteCharacters.reason)
    return {
      planned: false,
      why: `A name has at most ${mostNoteCharacters.person} characters, a reason ${mostNoteCharacters.reason}`,
    };
  return {
    planned: true,
    subject: null,
    detail: `${change}, for ${person}`,
    carryOut: async () => {
      const done = await claims.claim(open.of, open.note.sequence, { person, reason, approver: approver ?? null });
      return done ? { done: true, told: {} } : { done: false, why: `Change "${change}" was claimed meanwhile` };
    },
  };
}
