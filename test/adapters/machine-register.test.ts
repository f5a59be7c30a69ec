// The machines of the configuration in memory: where they may come from, what is left of one that changed, how failures are
// counted, and where they stand at the EHRs.

import { expect, test } from 'vitest';
import { AllEhrStandings } from '../../src/adapters/ehr-standings-all.ts';
import { MemoryMachineAttempts } from '../../src/adapters/machine-attempts-memory.ts';
import { ConfiguredMachines } from '../../src/adapters/machine-register.ts';
import { addressRanges } from '../../src/http/address-ranges.ts';
import type { MachineSettings } from '../../src/config/settings.ts';
import { machineSession } from '../../src/core/session/machine-session.ts';
import type { EhrStanding } from '../../src/ehr-ports.ts';
import { FakeStandings } from '../support/fake-ehr.ts';
import { sessionOf } from '../support/session-of.ts';

const base = { applications: null, passAuthorization: false, account: null };
const lab: MachineSettings = { ...base, name: 'lab', credential: { by: 'certificate', fingerprints: ['a', 'b'] }, ranges: null };
const job: MachineSettings = {
  ...base,
  name: 'job',
  credential: { by: 'token', tokenHash: 'c' },
  ranges: ['10.1.1.1', '10.20.0.0/16', '2001:db8::/32', '::1'],
  account: { account: 'svc', password: 'secret' },
};
const register = (...machines: MachineSettings[]) =>
  new ConfiguredMachines(new Map(machines.map((one) => [one.name, one])), addressRanges);

test.each([
  ['lab', '192.0.2.1', true],
  ['lab', '', true],
  ['job', '10.1.1.1', true],
  ['job', '10.1.1.2', false],
  ['job', '10.20.255.255', true],
  ['job', '10.21.0.0', false],
  ['job', '2001:db8::7', true],
  ['job', '2001:db9::7', false],
  ['job', '::1', true],
  ['job', 'nowhere', false],
  ['nobody', '10.1.1.1', false],
])('%s from %s', (name, address, may) => {
  expect(register(lab, job).isFrom(name, address)).toBe(may);
});

test('what proved itself before is known while the configuration still says so', () => {
  const machines = register(lab, job);
  const [byA, byB, byToken] = machines.sessions();
  if (!byA || !byB || !byToken) throw new Error('There are three proofs');
  const known = () => [byA, byB, byToken].map((one) => machines.stillKnows(one));
  expect([known(), machines.account('job'), machines.account('lab'), machines.account('nobody')]).toEqual([
    [true, true, true],
    { account: 'svc', password: 'secret' },
    null,
    null,
  ]);
  machines.replace(new Map([['lab', { ...lab, credential: { by: 'certificate', fingerprints: ['b'] } }]]));
  expect(known()).toEqual([false, true, false]);
  machines.replace(new Map([['lab', { ...lab, credential: { by: 'token', tokenHash: 'a' }, ranges: ['10.1.1.1'] }]]));
  expect(known()).toEqual([false, false, false]);
});

test('the eleventh failure of an address in a minute must wait, and others need not', () => {
  let now = 0;
  const attempts = new MemoryMachineAttempts({ monotonic: () => now });
  const ten = Array.from({ length: 10 }, () => attempts.failed('10.1.1.1'));
  expect([new Set(ten), attempts.failed('10.1.1.1'), attempts.failed('10.1.1.2')]).toEqual([new Set([0]), 60, 0]);
  now = 59_500;
  expect(attempts.failed('10.1.1.1')).toBe(1);
  now = 60_000;
  expect(attempts.failed('10.1.1.1')).toBe(0);
});

test('addresses of one IPv6 network count together', () => {
  const attempts = new MemoryMachineAttempts({ monotonic: () => 0 });
  for (let i = 0; i < 10; i += 1) attempts.failed(`2001:db8::${i}`);
  expect([attempts.failed('2001:db8::ffff'), attempts.failed('2001:db8:0:1::')]).toEqual([60, 0]);
});

test("a machine's standings and people's are kept apart", async () => {
  const standing: EhrStanding = { generation: 1, standing: 'signed-on', jar: [], signedOnAt: 0 };
  const people = new FakeStandings();
  const all = new AllEhrStandings(people);
  const [machine, person] = [machineSession(lab, 'a'), sessionOf('machine:lab')];
  expect(all.get(machine, 'ehr')).toBeNull();
  await all.put(machine, 'ehr', standing);
  await all.put(person, 'ehr', { ...standing, generation: 2 });
  expect([all.get(machine, 'ehr')?.generation, all.get(person, 'ehr')?.generation]).toEqual([1, 2]);
  expect([...(await all.take(machine)).keys()]).toEqual(['ehr']);
  expect([all.get(machine, 'ehr'), (await all.take(machine)).size, (await all.take(person)).size]).toEqual([null, 0, 1]);
});
