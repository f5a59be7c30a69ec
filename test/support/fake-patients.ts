// Tokens of patients for tests of what stands around them: of the real form, and the same for the same id.

import { createHash } from 'node:crypto';
import { writePatientToken } from '../../src/core/patients/patient-token.ts';
import type { PatientNames } from '../../src/patient-ports.ts';

export function fakeToken(id: string): string {
  return writePatientToken(createHash('sha256').update(id).digest());
}

/** Knows these ids, and nobody by name. */
export function fakeNames(...ids: readonly string[]): PatientNames {
  const known = new Map(ids.map((id) => [fakeToken(id), { id, name: null }]));
  return {
    show: async (tokens) => new Map([...known].filter(([token]) => tokens.includes(token))),
    tokensOf: async (id) => [id.startsWith('~') ? id : fakeToken(id)],
  };
}
