// Three gateways do to the same sessions whatever chance says, at the same time, hearing each other late or not at all. Whatever
// happened: an ended session is found nowhere, a live one everywhere, and nobody is taken for a stranger by one that cannot hear.

import { expect, test } from 'vitest';
import { seeded } from '../support/seeded.ts';
import { sessionOf } from '../support/session-of.ts';
import { sessionsTogether } from '../support/sessions-together.ts';
import type { SessionsOfOne } from '../support/sessions-together.ts';
import { onEachEngine } from '../support/state-engines.ts';

interface Known {
  /** Every key that it may go by. */
  readonly keys: string[];
  ended: boolean;
}

const rounds = 12;
const atOnce = 5;

onEachEngine(() => {
  test.each([3, 11, 42, 77])('from seed %i', async (seed) => {
    const chance = seeded(seed);
    const world = await sessionsTogether(3);
    const model: Known[] = [];
    for (let round = 0; round < rounds; round += 1) {
      world.together.held = chance() < 0.5;
      const deaf = chance() < 0.3 ? world.all[Math.floor(chance() * 3)] : undefined;
      deaf?.gateway.part();
      const acts = Array.from({ length: atOnce }, () => actOf(chance, world.all, model, world.clock.now()));
      await Promise.all(acts.map(async (act) => act()));
      for (const known of model) {
        const looked = deaf === undefined ? [] : await Promise.all(known.keys.map(async (key) => deaf.store.find(key)));
        expect(looked.filter(({ found }) => found !== 'unavailable')).toEqual([]);
      }
      await deaf?.gateway.join();
      world.together.deliver();
      world.together.held = false;
      for (const { store } of world.all) await store.flush();
      await agree(world.all, model, `round ${round}`);
    }
    expect(model.some(({ ended }) => ended)).toBe(true);
    expect(model.some(({ ended }) => !ended)).toBe(true);
    await world.stop();
  });
});

async function agree(all: readonly SessionsOfOne[], model: readonly Known[], when: string): Promise<void> {
  for (const { keys, ended } of model) {
    const found: string[] = [];
    for (const { store } of all) {
      const looked = await Promise.all(keys.map(async (key) => [key, (await store.find(key)).found] as const));
      expect(looked.filter(([, is]) => is === 'unavailable')).toEqual([]);
      found.push(
        looked
          .filter(([, is]) => is === 'yes')
          .map(([key]) => key)
          .join(),
      );
    }
    expect(new Set(found).size, `${when}: ${keys.join()} at the gateways as ${found.join(' | ')}`).toBe(1);
    expect(found[0]?.split(',').length === 1 && found[0] !== '', `${when}: ${keys.join()} is found as "${found[0]}"`).toBe(
      !ended,
    );
  }
}

/** One thing that some gateway does; chance is asked before any of them begins. */
function actOf(chance: () => number, all: readonly SessionsOfOne[], model: Known[], now: number): () => Promise<unknown> {
  const { store } = all[Math.floor(chance() * all.length)] as SessionsOfOne;
  const known = model[Math.floor(chance() * model.length)];
  const what = Math.floor(chance() * 9);
  const name = `k${Math.floor(chance() * 1e9)}`;
  if (known === undefined || what === 0) return async () => create(store, model, name);
  const key = known.keys[Math.floor(chance() * known.keys.length)] ?? '';
  switch (what) {
    case 1:
    case 2:
      return async () => rename(store, known, key, name);
    case 3:
      return async () => refused(store.update(key, { roles: [name] }));
    case 4:
      return async () => refused(store.update(key, { lockedAt: null, lastActiveAt: now }));
    case 5:
      return async () => refused(store.lock(key, now));
    case 6:
      return async () => end(store, known, key, chance() < 0.5 ? 'idle' : 'revoked');
    case 7:
      return async () => store.sweep();
    default:
      return async () => Promise.resolve(store.touch(key, now, 'script'));
  }
}

type Store = SessionsOfOne['store'];

async function create(store: Store, model: Known[], key: string): Promise<void> {
  const isThere = await refused(store.create(sessionOf(key)).then(() => true));
  model.push({ keys: [key], ended: !isThere });
}

/** It may have got the key or not; it has one of them in any case. */
async function rename(store: Store, known: Known, key: string, next: string): Promise<void> {
  known.keys.push(next);
  await refused(store.rename(key, next, {}));
}

async function end(store: Store, known: Known, key: string, reason: 'idle' | 'revoked'): Promise<void> {
  if (await refused(store.end(key, reason))) known.ended = true;
}

/** A gateway that cannot hear refuses, and nothing else may fail. */
async function refused(act: Promise<boolean>): Promise<boolean> {
  return act.catch((cause: unknown) => {
    expect(cause).toMatchObject({ code: 'session-store-unavailable' });
    return false;
  });
}
