// `case list` and `case show`: which cases there are and how far each is, at a terminal. Whatever is done to a case is done in the
// console, where it is known who does it; what people wrote is read there alone.

import type { CaseStore } from '../case-ports.ts';
import type { Order, OrderPlan, OrderResult } from '../control-ports.ts';
import { toldCase } from '../core/cases/told-case.ts';

export interface CaseOrdersNeeds {
  readonly cases: Pick<CaseStore, 'find' | 'list'>;
}

/** Of one answer; `behind` asks for those before them. */
const mostCases = 200;
const states = ['open', 'closed', 'all'] as const;

export function caseOrders({ cases }: CaseOrdersNeeds): readonly Order[] {
  return [
    {
      name: 'case list',
      fields: [],
      mayHave: ['person', 'state', 'behind'],
      needsReason: false,
      plan: ({ fields }) => {
        const [person, behind] = [fields.get('person'), fields.get('behind')];
        const state = states.find((one) => one === (fields.get('state') ?? 'open'));
        if (state === undefined) return unplanned(`"${fields.get('state')}" is no standing, write open, closed or all`);
        const asked = {
          ...(state !== 'all' && { open: state === 'open' }),
          ...(person !== undefined && { name: person }),
          ...(behind !== undefined && { behind }),
        };
        return planned(person === undefined ? state : `${state}, person "${person.replaceAll('"', "'")}"`, async () => {
          const found = await cases.list({ ...asked, most: mostCases + 1 });
          const page = found.slice(0, mostCases);
          const next = found.length > mostCases ? (page.at(-1)?.id ?? null) : null;
          return { done: true, told: { cases: page.map((one) => toldCase(one)), behind: next } };
        });
      },
    },
    {
      name: 'case show',
      fields: ['case'],
      needsReason: false,
      plan: ({ fields }) => {
        const id = fields.get('case') ?? '';
        return planned(`case ${id.replaceAll('"', "'")}`, async () => {
          const one = await cases.find(id);
          if (one === null) return { done: false, why: `There is no case "${id}", "wardgate case list" tells them` };
          return { done: true, told: { case: toldCase(one) } };
        });
      },
    },
  ];
}

function planned(detail: string, carryOut: () => Promise<OrderResult>): Promise<OrderPlan> {
  return Promise.resolve({ planned: true, subject: null, detail, carryOut });
}

function unplanned(why: string): Promise<OrderPlan> {
  return Promise.resolve({ planned: false, why });
}
