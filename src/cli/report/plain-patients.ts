// Patients where the record carries their ids themselves: each is known by its id, and nobody by a name.

import type { PatientNames } from '../../patient-ports.ts';

export const plainPatients: PatientNames = {
  show: (ids) => Promise.resolve(new Map(ids.filter((id) => !id.startsWith('~')).map((id) => [id, { id, name: null }]))),
  tokensOf: (id) => Promise.resolve([id]),
};
