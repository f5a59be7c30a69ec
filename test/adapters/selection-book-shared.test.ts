// Which patient is open in a session of the EHR, where one person's requests reach two gateways in turn: never the one before,
// never a guess, and known to both once the EHR has answered.

import { expect, test } from 'vitest';
import { carriedPatients } from '../../src/adapters/carried-patients.ts';
import { SelectionRows } from '../../src/adapters/selection-rows.ts';
import { SqliteSessionStore } from '../../src/adapters/session-store-sqlite.ts';
import type { StateDb } from '../../src/adapters/state-db.ts';
import { Fault } from '../../src/core/faults.ts';
import type { EhrPlace } from '../../src/core/session/ehr-place.ts';
import { FakeClock, FakeLog } from '../support/fake-ports.ts';
import { GatewaysTogether } from '../support/gateways-together.ts';
import { sessionOf } from '../support/session-of.ts';
import { onEachEngine, openStateDb } from '../support/state-engines.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const ada = sessionOf('a');
const application = { name: 'ehr', sessionCookie: 'SID' };
const placeOf = (ehrSession: string | null, session = ada): EhrPlace => ({ session, application, ehrSession });
const personal: EhrPlace = { session: ada, application: { name: 'portal', patientPerPerson: true }, ehrSession: null };
const ambiguous = { ambiguous: expect.any(String) as unknown };

async function setUp() {
  const real = await openStateDb(temporaryDirectory());
  const [clock, log, together] = [new FakeClock(), new FakeLog(), new GatewaysTogether()];
  const judge = () => ({ standing: 'active' as const, locksAt: 0, endsAt: 0 });
  const disk = { broken: false };
  const db: StateDb = {
    run: async (name, statements) =>
      disk.broken ? Promise.reject(new Fault('session-store-unavailable')) : real.run(name, statements),
    close: async () => real.close(),
  };
  const open = async () => {
    const shared = together.gateway();
    const sessions = await SqliteSessionStore.open(db, clock, log, { touchStepMilliseconds: 60_000, judge, shared });
    const rows = new SelectionRows(db, clock);
    return { shared, sessions, ...carriedPatients({ sessions, rows, shared, key: 'k', waitSeconds: 0.05 }) };
  };
  const [one, two] = [await open(), await open()];
  await one.sessions.create(ada);
  const stop = async () => {
    for (const { sessions } of [one, two]) await sessions.close();
    await real.close();
  };
  return { clock, disk, one, two, stop };
}

onEachEngine(() => {
  test('what the EHR gave at one is known at the other, with its patient, and what it gave nobody is not', async () => {
    const { one, two, stop } = await setUp();
    await one.learnEhrSessions(placeOf(null), 'r1', ['s1'], null);
    // By the session as it was before.
    expect(await two.givenEhrSession(ada, 'ehr', ['stranger', 's1'])).toBe('s1');
    expect(await two.givenEhrSession(ada, 'ehr', ['stranger'])).toBeNull();
    expect(await two.givenEhrSession(ada, 'pacs', ['s1'])).toBeNull();
    expect(await two.selectedPatient(placeOf('s1'))).toBeNull();
    expect(await two.selectedPatient(placeOf('s2'))).toEqual(ambiguous);
    await one.beginSelection(placeOf('s1'), 'r2', 'P1');
    await one.settleSelection('a', 'r2', 'took-effect');
    expect(await two.selectedPatient(placeOf('s1'))).toBe('P1');
    const [now] = await two.sessions.ofSubject(ada.subject.issuer, ada.subject.sub);
    expect(now?.ehrSessions).toMatchObject([{ patient: 'P1', certain: true }]);
    await stop();
  });

  test('while one opens a chart the other does not take the one before for it, and waits', async () => {
    const { one, two, stop } = await setUp();
    await one.learnEhrSessions(placeOf(null), 'r1', ['s1'], { patient: 'P1' });
    await one.settleSelection('a', 'r1', 'took-effect');
    await one.beginSelection(placeOf('s1'), 'r2', 'P2');
    expect(await two.selectedPatient(placeOf('s1'))).toEqual(ambiguous);
    const waits = two.selectedPatient(placeOf('s1'));
    await one.settleSelection('a', 'r2', 'took-effect');
    expect(['P2', expect.objectContaining(ambiguous)]).toContainEqual(await waits);
    expect(await two.selectedPatient(placeOf('s1'))).toBe('P2');
    await stop();
  });

  test('two charts opened at once at two gateways leave nobody sure, until one is opened alone', async () => {
    const { one, two, stop } = await setUp();
    await one.learnEhrSessions(placeOf(null), 'r1', ['s1'], null);
    await Promise.all([one.beginSelection(placeOf('s1'), 'r2', 'P1'), two.beginSelection(placeOf('s1'), 'r3', 'P2')]);
    await two.settleSelection('a', 'r3', 'took-effect');
    await one.settleSelection('a', 'r2', 'took-effect');
    expect([await one.selectedPatient(placeOf('s1')), await two.selectedPatient(placeOf('s1'))]).toEqual([ambiguous, ambiguous]);
    await two.beginSelection(placeOf('s1'), 'r4', 'P3');
    await two.settleSelection('a', 'r4', 'took-effect');
    expect(await one.selectedPatient(placeOf('s1'))).toBe('P3');
    await stop();
  });

  test('sessions that two EHRs gave at two gateways at once are both kept', async () => {
    const { one, two, stop } = await setUp();
    const pacs = { session: ada, application: { name: 'pacs', sessionCookie: 'SID' }, ehrSession: null };
    await Promise.all([one.learnEhrSessions(placeOf(null), 'r1', ['s1'], null), two.learnEhrSessions(pacs, 'r2', ['s2'], null)]);
    expect(await two.givenEhrSession(ada, 'ehr', ['s1'])).toBe('s1');
    expect(await one.givenEhrSession(ada, 'pacs', ['s2'])).toBe('s2');
    await stop();
  });

  test('a patient that the EHR carries per person is one for all gateways, and for no row of a session', async () => {
    const { one, two, stop } = await setUp();
    expect(await two.selectedPatient(personal)).toEqual(ambiguous);
    await one.beginSelection(personal, 'r1', 'P1');
    await one.settleSelection('a', 'r1', 'took-effect');
    expect(await two.selectedPatient(personal)).toBe('P1');
    await two.beginSelection(personal, 'r2', 'P2');
    expect(await one.selectedPatient(personal)).toEqual(ambiguous);
    await two.settleSelection('a', 'r2', 'failed');
    expect(await one.selectedPatient(personal)).toBe('P1');
    expect((await one.sessions.ofSubject(ada.subject.issuer, ada.subject.sub))[0]?.ehrSessions).toEqual([]);
    await stop();
  });

  test('a gateway that breaks while it opens a chart leaves nobody sure, and in time another chart can be opened', async () => {
    const { clock, one, two, stop } = await setUp();
    await one.learnEhrSessions(placeOf(null), 'r1', ['s1'], null);
    await one.beginSelection(placeOf('s1'), 'r2', 'P1');
    clock.advance(600_001);
    expect(await two.selectedPatient(placeOf('s1'))).toEqual(ambiguous);
    await two.beginSelection(placeOf('s1'), 'r3', 'P2');
    await two.settleSelection('a', 'r3', 'took-effect');
    await one.settleSelection('a', 'r2', 'took-effect');
    expect(await one.selectedPatient(placeOf('s1'))).toBe('P2');
    await stop();
  });

  test('what cannot be written or told is not begun, and what cannot be read is not guessed', async () => {
    const { disk, one, two, stop } = await setUp();
    await one.learnEhrSessions(placeOf(null), 'r1', ['s1'], null);
    await one.beginSelection(placeOf('s1'), 'r2', 'P1');
    disk.broken = true;
    const unavailable = { code: 'session-store-unavailable' };
    await expect(one.settleSelection('a', 'r2', 'took-effect')).rejects.toMatchObject(unavailable);
    await expect(two.beginSelection(placeOf('s1'), 'r3', 'P2')).rejects.toMatchObject(unavailable);
    await expect(two.selectedPatient(placeOf('s1'))).rejects.toMatchObject(unavailable);
    disk.broken = false;
    await one.settleSelection('a', 'r2', 'took-effect');
    expect(await two.selectedPatient(placeOf('s1'))).toBe('P1');
    one.shared.part();
    await expect(one.beginSelection(placeOf('s1'), 'r4', 'P4')).rejects.toBeDefined();
    await stop();
  });
});
