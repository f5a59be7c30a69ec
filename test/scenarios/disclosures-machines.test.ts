// Machines cannot be asked where their downloads go: IT has said so beforehand, or they get none. And rules that are only observed
// ask nobody.

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { readDisclosureNote } from '../../src/core/disclosures/disclosure-note.ts';
import { bearer, machineClinic, newToken } from '../support/machine-clinic.ts';
import type { Asking, MachineClinic } from '../support/machine-clinic.ts';

const tokens = { registry: newToken(), billing: newToken(), silent: newToken() };
const names = Object.keys(tokens) as (keyof typeof tokens)[];

const rules = `
roles: { nurse: Clinic-Nurses }
rules:
  - { name: exports, paths: ['/files/{patient}'], allow: everyone, machines: [registry, billing, silent], patient: path.patient, download: always, disclosure: nurse }
  - { name: lists, paths: [/slow], allow: everyone, machines: [silent, registry], disclosure: nurse }
  - { name: line, paths: [/socket], allow: nobody, machines: registry, webSocket: true, download: always, disclosure: nurse }
  - { name: free, paths: [/free], allow: everyone, machines: silent, download: always }
accounting:
  machines:
    billing: inside
    registry: { recipient: State cancer registry, description: New diagnoses, purpose: State law, basis: required-by-law }
`;

let it: MachineClinic;

async function place(mode: string): Promise<MachineClinic> {
  return machineClinic({
    rules: `${mode}${rules}`,
    machines: names.map((name) => `${name}: { from: 127.0.0.1, tokenHashFile: ${name}.hash }`),
    files: Object.fromEntries(names.map((name) => [`${name}.hash`, tokens[name].hash])),
  });
}

beforeAll(async () => {
  it = await place('');
});
afterAll(async () => it.close());
beforeEach(() => void it.seen.splice(0));

const as = (name: keyof typeof tokens, path: string, more: Asking = {}): Asking => ({
  path,
  headers: bearer(tokens[name].token),
  ...more,
});

test('one whose recipient IT has named leaves a disclosure each time, in the words of the rules', async () => {
  expect((await it.ask(as('registry', '/files/7'))).status).toBe(200);
  const record = it.last('disclosure');
  expect(record?.['subject']).toEqual({ machine: 'registry' });
  expect(readDisclosureNote(String(record?.['detail']))).toMatchObject({
    basis: 'required-by-law',
    how: 'by the rules',
    count: null,
  });
  expect(JSON.stringify(it.records())).not.toContain('cancer');
});

test('one that stays inside leaves a record that it did', async () => {
  expect((await it.ask(as('billing', '/files/7'))).status).toBe(200);
  expect(it.last('disclosure-not')?.['detail']).toBe('Inside treatment, payment and operations, known by the rules');
});

test('one of which nothing is said gets none, and the EHR sees nothing of it', async () => {
  const told = await it.ask(as('silent', '/files/7'));
  expect([told.status, told.body.includes('disclosure-not-stated'), it.seen]).toEqual([403, true, []]);
  expect((await it.ask(as('silent', '/free'))).status).toBe(200);
  expect((await it.ask(as('silent', '/files/7', { method: 'HEAD' }))).status).toBe(200);
});

test('rules that are only observed ask nobody, and the record says that they would', async () => {
  const watched = await place('mode: observe\n');
  try {
    const cookie = await watched.cookieFor('nurse');
    expect((await watched.ask({ path: '/files/7', headers: { cookie } })).status).toBe(200);
    expect(watched.last('refusal')).toMatchObject({ decision: 'observed', wouldRefuse: 'disclosure-unanswered' });
    // A machine is held to the rules all the same.
    expect((await watched.ask(as('silent', '/files/7'))).status).toBe(403);
    expect(watched.last('disclosure-not')).toBeUndefined();
  } finally {
    await watched.close();
  }
});
