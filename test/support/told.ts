// Records as a report reads them: what a test does not name is not said.

import type { Told } from '../../src/core/report/told.ts';

const issuer = 'https://login.example';

let sequence = 0;

/** Each has the next number; `at` is epoch milliseconds. A person is known by their login name. */
export function told(event: string, at: number, person: string | null, fields: Partial<Told> = {}): Told {
  sequence += 1;
  return {
    sequence,
    time: at,
    event,
    outcome: null,
    request: null,
    person,
    subject: person === null ? null : { issuer, sub: `u-${person}` },
    session: null,
    address: null,
    application: null,
    method: null,
    target: null,
    patient: null,
    category: null,
    action: null,
    rule: null,
    decision: null,
    reason: null,
    status: null,
    bytesOut: null,
    grant: null,
    detail: null,
    roles: null,
    factor: null,
    device: null,
    patientSource: null,
    bytesIn: null,
    durationMilliseconds: null,
    download: null,
    pace: null,
    ...fields,
  };
}
