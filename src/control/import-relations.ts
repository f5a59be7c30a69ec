// `relations import`: a command has brought appointments, a roster, demographics or confidential patients into the stores,
// without effect. Here it goes on record, with the digest of its file and the number of its rows; then it counts.

import { importNote } from '../core/relations/import-note.ts';
import type { Order, OrderPlan } from '../control-ports.ts';
import type { Clock } from '../ports.ts';
import type { RelationImports } from '../relation-ports.ts';

export interface ImportRelationsNeeds {
  readonly relationImports: Pick<RelationImports, 'staged' | 'takeEffect'>;
  readonly clock: Pick<Clock, 'now'>;
}

export function importRelations({ relationImports, clock }: ImportRelationsNeeds): Order {
  return {
    name: 'relations import',
    fields: ['generation', 'kind', 'rows'],
    needsReason: false,
    plan: async ({ fields, by }): Promise<OrderPlan> => {
      const generation = /^\d{1,9}$/.test(fields.get('generation') ?? '') ? Number(fields.get('generation')) : 0;
      const staged = await relationImports.staged(generation);
      if (staged === null || staged.kind !== fields.get('kind') || String(staged.rows) !== fields.get('rows'))
        return { planned: false, why: 'The rows of this import are not all there; import the file again' };
      return {
        planned: true,
        subject: null,
        detail: importNote(staged.kind, staged.rows, staged.fileDigest),
        carryOut: async () =>
          (await relationImports.takeEffect(generation, clock.now(), by))
            ? { done: true, told: { ...staged } }
            : { done: false, why: 'The rows of this import are gone; import the file again' },
      };
    },
  };
}
