// Sessions of several gateways over the same rows: what one does holds at all, whatever the other was doing, and a gateway that
// cannot hear says so instead of taking anybody for a stranger.

import { expect, test } from 'vitest';
import { SqliteSessionStore } from '../../src/adapters/session-store-sqlite.ts';
import type { SessionStanding } from '../../src/core/session/judge-standing.ts';
import { FakeLog } from '../support/fake-ports.ts';
import { sessionOf as session } from '../support/session-of.ts';
import { sessionsTogether as setUp } from '../support/sessions-together.ts';
import { onEachEngine } from '../support/state-engines.ts';

const minute = 60_000;

const no = { found: 'no' };

onEachEngine(() => {
  test('what begins at one gateway is found at the other at once, and the other way round', async () => {
    const { a, b, together, stop } = await setUp();
    together.held = true;
    await a.store.create(session('x'));
    expect(await b.store.find('x')).toMatchObject({ found: 'yes', value: { reference: 'ref-x' } });
    await b.store.update('x', { roles: ['it'] });
    together.deliver();
    expect(await a.store.find('x')).toMatchObject({ found: 'yes', value: { roles: ['it'], version: 2 } });
    expect(await a.store.find('y')).toEqual(no);
    await stop();
  });

  test('fields that two gateways change at the same time are all changed', async () => {
    const { a, b, together, stop } = await setUp();
    await a.store.create(session('x'));
    together.held = true;
    const changed = [a.store.update('x', { roles: ['it'] }), b.store.update('x', { sealedTokens: 'v1.new' })];
    expect(await Promise.all(changed)).toEqual([true, true]);
    together.deliver();
    for (const { store } of [a, b])
      expect(await store.find('x')).toMatchObject({ value: { roles: ['it'], sealedTokens: 'v1.new', version: 3 } });
    await stop();
  });

  test('an end holds at all gateways, cuts there what runs, and is told as one that happened once', async () => {
    const { a, b, stop } = await setUp();
    await a.store.create(session('x'));
    await b.store.find('x');
    await expect(a.store.end('x', 'revoked')).resolves.toBe(true);
    expect(await b.store.find('x')).toEqual(no);
    expect([a.told, b.told]).toEqual([['end x revoked here'], ['end x revoked elsewhere']]);
    await expect(b.store.end('x', 'revoked')).resolves.toBe(false);
    expect(a.store.unconfirmedEnds).toBeNull();
    await stop();
  });

  test('an end that meets a new key, in whichever order, leaves nothing', async () => {
    const { a, b, together, stop } = await setUp();
    for (const key of ['x', 'y', 'z']) await a.store.create(session(key));
    await b.store.find('z');
    together.held = true;
    // At the same moment; before; and after, by the gateway that has not heard of the new key.
    await Promise.all([a.store.end('x', 'revoked'), b.store.rename('x', 'x2', {})]);
    await a.store.end('y', 'revoked');
    await expect(b.store.rename('y', 'y2', {})).resolves.toBe(false);
    await expect(b.store.rename('z', 'z2', {})).resolves.toBe(true);
    await expect(a.store.end('z', 'revoked')).resolves.toBe(true);
    together.deliver();
    for (const { store } of [a, b])
      for (const key of ['x', 'x2', 'y', 'y2', 'z', 'z2']) expect(await store.find(key)).toEqual(no);
    await stop();
  });

  test('a change that comes after the end changes nothing and revives nobody', async () => {
    const { a, b, together, db, stop } = await setUp();
    await a.store.create(session('x'));
    await b.store.find('x');
    together.held = true;
    await a.store.end('x', 'signed-out');
    await expect(b.store.update('x', { roles: ['it'] })).resolves.toBe(false);
    expect(await db.run('sessions', [{ sql: 'SELECT key FROM sessions', params: [] }])).toMatchObject([{ rows: [] }]);
    expect(b.told).toEqual(['end x signed-out elsewhere']);
    expect(await b.store.find('x')).toEqual(no);
    await stop();
  });

  test('a new key is known everywhere, and who follows is told what the session was before', async () => {
    const { a, b, together, stop } = await setUp();
    await a.store.create(session('x'));
    together.held = true;
    await b.store.rename('x', 'x2', { factor: { method: 'totp', at: 99 } });
    expect(await a.store.find('x2')).toMatchObject({ found: 'yes', value: { factor: { at: 99 } } });
    expect(await a.store.find('x')).toEqual(no);
    expect(a.told).toEqual(['rename x x2 elsewhere']);
    // Whoever still has the session by its old key ends it all the same.
    await expect(a.store.end('x', 'revoked')).resolves.toBe(true);
    together.deliver();
    expect(await b.store.find('x2')).toEqual(no);
    await stop();
  });

  test('a lock and an unlock at two gateways: what the row took last holds at both', async () => {
    const { a, b, stop } = await setUp();
    await a.store.create(session('x', { lastActiveAt: 5000 }));
    await expect(a.store.lock('x', 6000)).resolves.toBe(true);
    expect(await b.store.find('x')).toMatchObject({ value: { lockedAt: 6000 } });
    await Promise.all([a.store.update('x', { lockedAt: null, lastActiveAt: 7000 }), b.store.lock('x', 8000)]);
    const [there, here] = [await b.store.find('x'), await a.store.find('x')];
    expect(there).toEqual(here);
    expect(here).toMatchObject({ found: 'yes' });
    await stop();
  });

  test('two gateways that lock or end the same session put it on record once', async () => {
    const { a, b, together, stop } = await setUp();
    await a.store.create(session('x'));
    await a.store.create(session('y'));
    await b.store.find('y');
    together.held = true;
    await Promise.all([a.store.lock('x', 6000), b.store.lock('x', 6000)]);
    await Promise.all([a.store.end('y', 'idle'), b.store.end('y', 'idle')]);
    together.deliver();
    const here = [...a.told, ...b.told].filter((line) => line.endsWith(' here'));
    expect(here.toSorted()).toEqual(['end y idle here', 'lock x here']);
    for (const { store } of [a, b]) {
      expect(await store.find('x')).toMatchObject({ value: { lockedAt: 6000 } });
      expect(await store.find('y')).toEqual(no);
    }
    await stop();
  });

  test('somebody who works at one gateway is not locked by the one that leads', async () => {
    const { a, b, clock, judging, stop } = await setUp();
    judging.idleAfter = minute;
    const began = clock.now();
    for (const key of ['works', 'rests']) await a.store.create(session(key, { lastActiveAt: began }));
    await b.store.find('works');
    clock.advance(2 * minute);
    b.store.touch('works', clock.now(), 'script');
    await b.store.flush();
    await b.store.sweep();
    expect(b.told).toEqual([]);
    await a.store.sweep();
    expect(a.told).toEqual(['lock rests here']);
    // What was seen elsewhere counts, and lifts no lock.
    expect(await a.store.find('works')).toMatchObject({ value: { lockedAt: null, activity: { last: 'script', pings: 1 } } });
    b.store.touch('rests', clock.now(), 'script');
    await b.store.flush();
    expect(await a.store.find('rests')).toMatchObject({ value: { lockedAt: began + minute } });
    await stop();
  });

  test('a gateway that cannot hear answers "unavailable", never "no", and knows everything when it is back', async () => {
    const { a, b, stop } = await setUp();
    for (const key of ['stays', 'ends', 'moves']) await a.store.create(session(key));
    await b.store.find('moves');
    b.gateway.part();
    for (const key of ['stays', 'ends', 'never']) expect(await b.store.find(key)).toMatchObject({ found: 'unavailable' });
    await expect(b.store.create(session('new'))).rejects.toMatchObject({ code: 'session-store-unavailable' });
    await expect(b.store.rename('stays', 'other', {})).rejects.toMatchObject({ code: 'session-store-unavailable' });
    await a.store.end('ends', 'revoked');
    await a.store.rename('moves', 'moved', {});
    await a.store.create(session('begins'));
    await b.gateway.join();
    const keys = ['stays', 'ends', 'moves', 'moved', 'begins'];
    const found = await Promise.all(keys.map(async (key) => (await b.store.find(key)).found));
    expect(found).toEqual(['yes', 'no', 'no', 'yes', 'yes']);
    expect(b.told).toEqual(['end ends revoked elsewhere', 'rename moves moved elsewhere']);
    await stop();
  });

  test('an end that the others cannot hear holds here, says so, and is told until they have heard it', async () => {
    const { a, b, clock, stop } = await setUp();
    await b.store.create(session('x'));
    await b.store.create(session('y'));
    a.gateway.part();
    await expect(a.store.end('x', 'revoked')).resolves.toBe(true);
    expect(a.store.unconfirmedEnds).toMatchObject({ count: 1 });
    clock.advance(5000);
    expect(a.store.notices()).toEqual([
      expect.stringMatching(/^The end of one session is not confirmed for the other gateways since 20/),
    ]);
    expect(a.told).toEqual(['end x revoked here']);
    expect(await b.store.find('x')).toMatchObject({ found: 'yes' });
    await a.gateway.join();
    await a.store.flush();
    expect(a.store.unconfirmedEnds).toBeNull();
    expect(await b.store.find('x')).toEqual(no);
    await stop();
  });

  test('an end whose gateway broke off before it told anybody is seen at the next look at the list', async () => {
    const { b, a, db, clock, stop } = await setUp();
    await a.store.create(session('x'));
    await b.store.find('x');
    const listed = 'INSERT INTO ended_sessions (key, reason, ended_at) VALUES (?, ?, ?)';
    await db.run('identity', [{ sql: listed, params: ['x', 'revoked', clock.now()] }]);
    await b.store.sweep();
    expect(b.told).toEqual(['end x revoked elsewhere']);
    // The row that was left behind goes when all of them are read.
    const late = await SqliteSessionStore.open(db, clock, new FakeLog(), { touchStepMilliseconds: 1, judge: () => never });
    expect(late.all()).toEqual([]);
    await late.close();
    await stop();
  });

  test('everybody of a person is known at every gateway, also to one that hears late', async () => {
    const { a, b, together, stop } = await setUp();
    together.held = true;
    await a.store.create(session('x', { providerSession: 'sid' }));
    expect(await b.store.ofSubject('https://op.example', 'ada')).toHaveLength(1);
    await a.store.create(session('y', { providerSession: 'sid' }));
    b.gateway.part();
    expect(await b.store.ofProviderSession('https://op.example', 'sid')).toHaveLength(2);
    await stop();
  });
});

const never: SessionStanding = { standing: 'active', locksAt: 0, endsAt: 0 };
