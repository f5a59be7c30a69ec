// Takes one order of a command: reads it, plans it, records it, and only then has it carried out. An order that cannot be
// recorded is refused. Decides nothing about the orders themselves.

import { writeOrderNote } from '../core/audit/order-note.ts';
import { readOrder } from '../core/control/read-order.ts';
import type { GivenOrder } from '../core/control/read-order.ts';
import { hideIds } from '../core/patients/hide-ids.ts';
import type { TokenOf } from '../core/patients/hide-ids.ts';
import { Fault } from '../core/faults.ts';
import type { Candidate, Order, OrderPlan, OrderReply } from '../control-ports.ts';
import type { OperationsLog } from '../ports.ts';
import { recordDurably } from './record-durably.ts';
import type { RecordDurablyNeeds } from './record-durably.ts';

export interface TakeOrderNeeds extends RecordDurablyNeeds {
  readonly log: OperationsLog;
  readonly orders: readonly Order[];
  /** What stands in a record in the place of an id. */
  readonly recordedToken: TokenOf;
}

/** Never rejects. Orders are carried out one after the other: two about one person must not mix. */
export function takeOrder(needs: TakeOrderNeeds): (value: unknown) => Promise<OrderReply> {
  let last: Promise<unknown> = Promise.resolve();
  return (value) => {
    const turn = last.then(async () => take(needs, value).catch((cause: unknown) => failed(needs, cause)));
    last = turn;
    return turn;
  };
}

async function take(needs: TakeOrderNeeds, value: unknown): Promise<OrderReply> {
  const read = readOrder(value);
  if (!read.ok) return refused(400, read.why);
  const { order: given } = read;
  const order = needs.orders.find(({ name }) => name === given.name);
  if (order === undefined) return refused(404, `This gateway knows no order "${given.name}"`);
  const unfit = misfit(order, given);
  if (unfit !== null) return refused(400, unfit);
  const plan = await order.plan(given);
  await recordOrder(needs, given, plan);
  if (!plan.planned) return refused(409, plan.why, plan.candidates);
  const result = await plan.carryOut();
  return result.done ? { status: 200, body: { told: result.told } } : refused(409, result.why);
}

function misfit({ name, fields, mayHave = [], needsReason }: Order, given: GivenOrder): string | null {
  const missing = fields.find((field) => !given.fields.has(field));
  if (missing !== undefined) return `The order "${name}" lacks its field "${missing}"`;
  const strange = [...given.fields.keys()].find((field) => !fields.includes(field) && !mayHave.includes(field));
  if (strange !== undefined) return `The order "${name}" has no field "${strange}"`;
  return needsReason && given.because === null ? `The order "${name}" needs a reason` : null;
}

/** On the disk before it returns. What the command says of whoever typed it is quoted as its word: nothing proves it. */
async function recordOrder(needs: TakeOrderNeeds, given: GivenOrder, plan: OrderPlan): Promise<void> {
  await recordDurably(needs, 'order', {
    subject: plan.planned ? plan.subject : null,
    decision: plan.planned ? 'allowed' : 'refused',
    detail: writeOrderNote({
      name: given.name,
      what: (plan.planned ? plan.detail : null) ?? null,
      by: given.by,
      because: given.because === null ? null : hideIds(given.because, needs.recordedToken),
      notDone: plan.planned ? null : plan.why,
    }),
  });
}

function refused(status: number, why: string, candidates?: readonly Candidate[]): OrderReply {
  return { status, body: { why, ...(candidates === undefined ? {} : { candidates }) } };
}

function failed({ log }: TakeOrderNeeds, cause: unknown): OrderReply {
  const code = cause instanceof Fault ? cause.code : 'internal';
  log.error({ code, cause }, 'An order could not be carried out');
  const why =
    code === 'audit-unavailable'
      ? 'The access record cannot be written, so no order is carried out'
      : `The gateway could not carry this out (${code}); its log says why`;
  return refused(503, why);
}
