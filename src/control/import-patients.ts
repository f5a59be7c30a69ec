// `patients import`: a command has brought a directory of patients into the stores, without effect. Here it goes on record,
// with the digest of its file and how many people it adds, changes and leaves out; then it counts. No name is in any of it.

import { importDetail } from '../core/patients/import-detail.ts';
import type { Order, OrderPlan } from '../control-ports.ts';
import type { PatientImports } from '../directory-ports.ts';
import type { Clock } from '../ports.ts';

export interface ImportPatientsNeeds {
  readonly patientImports: PatientImports;
  readonly clock: Pick<Clock, 'now'>;
}

const counts = ['new', 'changed', 'gone', 'moved'] as const;

export function importPatients({ patientImports, clock }: ImportPatientsNeeds): Order {
  return {
    name: 'patients import',
    fields: ['generation', 'patients', ...counts],
    needsReason: false,
    plan: async ({ fields, by }): Promise<OrderPlan> => {
      const number = (name: string): number => (/^\d{1,9}$/.test(fields.get(name) ?? '') ? Number(fields.get(name)) : -1);
      const generation = number('generation');
      if ([...counts, 'patients'].some((name) => number(name) < 0) || generation < 1)
        return { planned: false, why: 'The import does not say how many patients it has' };
      const staged = await patientImports.staged(generation);
      if (staged?.patients !== number('patients'))
        return { planned: false, why: 'The patients of this import are not all there; import the file again' };
      const told = { patients: staged.patients, fileDigest: staged.fileDigest };
      return {
        planned: true,
        subject: null,
        detail: importDetail(staged.fileDigest, {
          patients: staged.patients,
          new: number('new'),
          changed: number('changed'),
          gone: number('gone'),
          moved: number('moved'),
        }),
        carryOut: async () =>
          (await patientImports.takeEffect(generation, clock.now(), by))
            ? { done: true, told }
            : { done: false, why: 'Another import has taken effect meanwhile; import the file again' },
      };
    },
  };
}
