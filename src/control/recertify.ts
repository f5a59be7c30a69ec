// `recertify start`, `status`, `export` and `done`: what IT and the privacy officer do about a recertification at a terminal.
// Deciding and signing are for the console, where it is known who does it.

import type { Order, OrderPlan, OrderResult } from '../control-ports.ts';
import { openRows } from '../core/recertification/judge-due.ts';
import { isQuarter } from '../core/recertification/quarter.ts';
import type { RecertificationDesk } from './recertification-desk.ts';

export interface RecertifyNeeds {
  readonly recertification: Pick<RecertificationDesk, 'start' | 'view' | 'done' | 'follow' | 'notices'>;
}

export function recertifyOrders({ recertification: desk }: RecertifyNeeds): readonly Order[] {
  return [
    {
      name: 'recertify start',
      fields: [],
      mayHave: ['quarter'],
      needsReason: false,
      plan: ({ fields }) => {
        const quarter = fields.get('quarter') ?? null;
        if (quarter !== null && !isQuarter(quarter))
          return Promise.resolve({ planned: false, why: `"${quarter}" is not a quarter, write one such as 2026-Q4` });
        return planned(async () => {
          const result = await desk.start(quarter);
          return 'why' in result ? { done: false, why: result.why } : { done: true, told: { ...result.started } };
        }, quarter ?? '');
      },
    },
    { name: 'recertify status', fields: [], needsReason: false, plan: () => planned(async () => shown(desk)) },
    { name: 'recertify export', fields: [], needsReason: false, plan: () => planned(async () => shown(desk)) },
    {
      name: 'recertify done',
      fields: ['row'],
      needsReason: true,
      plan: ({ fields, by, because }) => {
        const row = Number(fields.get('row'));
        return planned(
          async () => {
            const why = await desk.done(row, `operating-system user "${by}", because: ${because ?? ''}`);
            return why === null ? { done: true, told: {} } : { done: false, why };
          },
          `row ${fields.get('row') ?? ''}`,
        );
      },
    },
  ];
}

function planned(carryOut: () => Promise<OrderResult>, detail = ''): Promise<OrderPlan> {
  return Promise.resolve({ planned: true, subject: null, ...(detail === '' ? {} : { detail }), carryOut });
}

async function shown(desk: RecertifyNeeds['recertification']): Promise<OrderResult> {
  await desk.follow();
  const view = await desk.view();
  const notices = desk.notices();
  if (view === null) return { done: true, told: { campaign: null, notices } };
  const { campaign, unaltered } = view;
  const open = campaign.signedAt === null ? [] : openRows(campaign.rows).map(({ row }) => row);
  return { done: true, told: { campaign, unaltered, open, notices } };
}
