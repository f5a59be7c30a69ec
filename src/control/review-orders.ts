// `review sample`, `review list` and `review certificate`: what an auditor asks about reviews at a terminal. Looking at items and
// signing are for the console, where it is known who does it.

import type { Order, OrderPlan, OrderResult } from '../control-ports.ts';
import { isMonth } from '../core/review/review-period.ts';
import type { ReviewDesk } from './review-desk.ts';

export interface ReviewOrdersNeeds {
  readonly reviewDesk: Pick<ReviewDesk, 'redraw' | 'view' | 'list' | 'follow' | 'notices'>;
}

export function reviewOrders({ reviewDesk: desk }: ReviewOrdersNeeds): readonly Order[] {
  return [
    {
      name: 'review list',
      fields: [],
      needsReason: false,
      plan: () =>
        planned(async () => {
          await desk.follow();
          return { done: true, told: { reviews: await desk.list(), notices: desk.notices() } };
        }, ''),
    },
    {
      name: 'review sample',
      fields: ['month'],
      needsReason: false,
      plan: ({ fields }) => {
        const month = fields.get('month') ?? '';
        if (!isMonth(month)) return unplanned(`"${month}" is not a month, write one such as 2026-11`);
        return planned(async () => {
          const drawn = await desk.redraw(month);
          return drawn === null ? { done: false, why: `There is no review of ${month}` } : { done: true, told: { ...drawn } };
        }, month);
      },
    },
    {
      name: 'review certificate',
      fields: ['review'],
      needsReason: false,
      plan: ({ fields }) => {
        const id = fields.get('review') ?? '';
        return planned(async () => {
          const view = await desk.view(id);
          if (view === null || view.review.signedAt === null) return { done: false, why: `No signed review is called "${id}"` };
          return { done: true, told: { statement: view.review.statement, unaltered: view.unaltered } };
        }, id);
      },
    },
  ];
}

function planned(carryOut: () => Promise<OrderResult>, detail: string): Promise<OrderPlan> {
  return Promise.resolve({ planned: true, subject: null, ...(detail === '' ? {} : { detail }), carryOut });
}

function unplanned(why: string): Promise<OrderPlan> {
  return Promise.resolve({ planned: false, why });
}
