// Held posts where several gateways have them in common: kept at one, shown, sent and discarded at the other, once and within
// the limits of both.

import { expect, test, vi } from 'vitest';
import { openHeldPosts } from '../../src/adapters/open-held-posts.ts';
import { createMasterKey, FileSealer } from '../../src/adapters/sealer-file.ts';
import { SqliteSessionStore } from '../../src/adapters/session-store-sqlite.ts';
import type { StateDb } from '../../src/adapters/state-db.ts';
import { Fault } from '../../src/core/faults.ts';
import type { HeldContent } from '../../src/held-ports.ts';
import { FakeClock, FakeLog } from '../support/fake-ports.ts';
import { GatewaysTogether } from '../support/gateways-together.ts';
import { sessionOf } from '../support/session-of.ts';
import { onEachEngine, openStateDb } from '../support/state-engines.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const [ada, bob] = ['ada', 'bob'].map((sub) => ({ issuer: 'https://id.example', sub })) as [never, never];
const minute = 60_000;
const content = (text: string): HeldContent => ({
  target: '/chart/notes?pid=7',
  origin: 'https://ehr.example',
  contentType: 'text/plain',
  body: Buffer.from(text),
});
const unavailable = { code: 'session-store-unavailable' };

async function setUp() {
  const directory = temporaryDirectory();
  createMasterKey(`${directory}/key`);
  const real = await openStateDb(directory);
  const [clock, log, sealer, together] = [new FakeClock(), new FakeLog(), new FileSealer(`${directory}/key`), new GatewaysTogether()]; // prettier-ignore
  const disk = { broken: false };
  const db: StateDb = {
    run: async (name, statements) => (disk.broken ? Promise.reject(new Fault('session-store-unavailable')) : real.run(name, statements)), // prettier-ignore
    close: async () => real.close(),
  };
  const judge = () => ({ standing: 'active' as const, locksAt: 0, endsAt: 0 });
  const expired: string[] = [];
  const open = async (name: string) => {
    const shared = together.gateway();
    const sessions = await SqliteSessionStore.open(real, clock, log, { touchStepMilliseconds: minute, judge, shared });
    const limits = { heldPostsPerPerson: 2, heldPostBytesInAll: 10 };
    const onExpired = ({ id }: { readonly id: string }): void => void expired.push(`${id} at ${name}`);
    const held = await openHeldPosts({ db, sessions, sealer, clock, log, limits, onExpired }, shared);
    return { shared, sessions, held };
  };
  const [one, two] = [await open('one'), await open('two')];
  const stop = async () => {
    for (const { held, sessions } of [one, two]) {
      await held.close();
      await sessions.close();
    }
    await real.close();
  };
  return { clock, db: real, disk, expired, one, two, stop };
}

type Gateway = Awaited<ReturnType<typeof setUp>>['one'];
const ids = async ({ held }: Gateway, who: typeof ada) => (await held.of(who, 'ehr')).map(({ id }) => id);

onEachEngine(() => {
  test('what one keeps the other shows, sends once, and both know what became of it', async () => {
    const { clock, one, two, stop } = await setUp();
    await one.held.hold('p1', ada, 'ehr', content('a'));
    clock.advance(1000);
    await two.held.hold('p2', ada, 'ehr', content('b'), 'draft');
    expect([await ids(one, ada), await ids(two, ada), await ids(two, bob)]).toEqual([['p1', 'p2'], ['p1', 'p2'], []]);
    expect((await two.held.open(ada, 'ehr', 'p1'))?.body.toString()).toBe('a');
    const taken = await Promise.all([one.held.take('p1'), two.held.take('p1'), one.held.take('p2')]);
    expect(taken.filter(Boolean)).toHaveLength(1);
    await two.held.answered('p1', 302);
    expect((await one.held.of(ada, 'ehr'))[0]).toMatchObject({ id: 'p1', status: 302, takenAt: expect.any(Number) as unknown });
    expect(await one.held.take('p1')).toBe(false);
    await stop();
  });

  test('what is discarded at one is gone at the other, and a leaver’s with the ends they are known by', async () => {
    const { db, one, two, stop } = await setUp();
    await one.sessions.create(sessionOf('s', { subject: { ...(ada as object), name: 'ada', displayName: 'Ada' } as never }));
    await two.sessions.find('s');
    await one.held.hold('p1', ada, 'ehr', content('a'));
    await one.held.hold('p2', ada, 'pacs', content('b'));
    expect(await two.held.discard(ada, 'ehr', 'p1')).toBe(true);
    expect([await one.held.discard(ada, 'ehr', 'p1'), await ids(one, ada)]).toEqual([false, []]);
    await one.sessions.end('s', 'idle');
    expect([one, two].map(({ held }) => held.endedLately('s')?.sub)).toEqual(['ada', 'ada']);
    const buried = 'SELECT key FROM session_tombstones';
    await vi.waitUntil(async () => (await db.run('identity', [{ sql: buried, params: [] }]))[0]?.rows.length === 1);
    expect(await two.held.discardAll(ada)).toBe(1);
    expect(await one.held.of(ada, 'pacs')).toEqual([]);
    expect([one, two].map(({ held }) => held.endedLately('s'))).toEqual([null, null]);
    await stop();
  });

  test('the limits of a person and of the whole place hold over both', async () => {
    const { one, two, stop } = await setUp();
    const room = [one.held.reserve(ada, 1), two.held.reserve(ada, 1)];
    await one.held.hold('p1', ada, 'ehr', content('a'));
    await two.held.hold('p2', ada, 'ehr', content('b'));
    // Each has room as far as it knew when it began.
    await expect(one.held.hold('p3', ada, 'ehr', content('c'))).rejects.toMatchObject(unavailable);
    for (const leave of room) leave?.();
    await ids(one, ada);
    expect([one.held.reserve(ada, 1), two.held.reserve(ada, 1)]).toEqual([null, null]);
    await one.held.hold('p4', bob, 'ehr', content('12345678'));
    await expect(two.held.hold('p5', bob, 'ehr', content('9'))).rejects.toMatchObject(unavailable);
    await stop();
  });

  test('what nobody sent in its time goes from the rows once, and is said once, by the one that leads', async () => {
    const { clock, expired, one, two, stop } = await setUp();
    await two.held.hold('p1', ada, 'ehr', content('a'));
    await two.held.hold('p2', ada, 'ehr', content('b'));
    expect(await one.held.take('p2')).toBe(true);
    clock.advance(30 * minute);
    for (const { held } of [two, one, two, one]) await held.sweep();
    expect(expired).toEqual(['p1 at one']);
    expect([await ids(one, ada), await ids(two, ada)]).toEqual([[], []]);
    await stop();
  });

  test('what was missed is read again; what cannot be heard or read is not taken for nothing', async () => {
    const { disk, one, two, stop } = await setUp();
    two.shared.part();
    await one.held.hold('p1', ada, 'ehr', content('a'));
    await expect(ids(two, ada)).rejects.toMatchObject(unavailable);
    await two.shared.join();
    expect(await ids(two, ada)).toEqual(['p1']);
    await one.held.hold('p2', ada, 'ehr', content('b'));
    disk.broken = true;
    await one.held.answered('p1', 200).catch(() => undefined);
    disk.broken = false;
    expect(await ids(two, ada)).toEqual(['p1', 'p2']);
    await stop();
  });
});
