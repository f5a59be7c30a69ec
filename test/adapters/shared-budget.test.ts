// One person's budget at several gateways, with a Redis that fails at the moment the story wants: who was first, what is not known
// to have counted, what is promised by whom, and that whatever comes in between nothing is counted twice or not at all.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writeBudget } from '../../src/adapters/budget-row.ts';
import type { BudgetAccount } from '../../src/budget-ports.ts';
import { emptyBudget } from '../../src/core/downloads/budget-state.ts';
import { extendBudget, mayExtend } from '../../src/core/downloads/extend-budget.ts';
import { BudgetGateways, BudgetTestDb, openPatient, SentReply, standing, takeFile, today } from '../support/budget-gateways.ts';
import { budgetOf, noon } from '../support/download-fakes.ts';
import { FakeBudgetRedis } from '../support/fake-budget-redis.ts';
import { seeded } from '../support/seeded.ts';

const unavailable = { code: 'session-store-unavailable' };
const day = 1_000_000;
const budget = budgetOf({ filesPerHour: 3, patientsPerHour: 3, bytesPerDay: day }, 'ask');
const minute = 60_000;

let redis: FakeBudgetRedis;
let db: BudgetTestDb;
let gateways: BudgetGateways;
let one: BudgetAccount;
let other: BudgetAccount;
beforeEach(async () => {
  redis = new FakeBudgetRedis();
  db = new BudgetTestDb();
  gateways = new BudgetGateways(redis, db);
  gateways.answerMilliseconds = 100;
  one = await gateways.book().account('p');
  other = await gateways.book().account('p');
});
afterEach(async () => {
  redis.mode = 'up';
  await gateways.close();
  db.database.close();
});

/** A reply over many patients, of unknown length. */
const list = (account: BudgetAccount) =>
  new SentReply(account, budget, { left: 0, taken: 0, finishes: false, overdraws: false, day: today });
const chart = async (account: BudgetAccount, target: string, bytes: number) => {
  const { charge } = await takeFile(account, budget, target, bytes);
  return charge === null ? null : new SentReply(account, budget, charge);
};
const settled = async (account: BudgetAccount) => ({ ...(await standing(account)) });

describe('what one gateway counts', () => {
  test('counts at the other, and is asked for in one question where nobody came in between', async () => {
    await openPatient(one, budget, 'a');
    const before = redis.asked;
    await openPatient(one, budget, 'b');
    expect(redis.asked).toBe(before + 1);
    expect(await openPatient(other, budget, 'c')).toBe(true);
    expect([await openPatient(one, budget, 'd'), await openPatient(other, budget, 'a')]).toEqual([false, true]);
  });

  test('nothing is written by a step that changes nothing, and it is judged on what stands', async () => {
    for (const patient of ['a', 'b', 'c']) await openPatient(one, budget, patient);
    const { written } = redis;
    expect(other.state.patients.size).toBe(0);
    expect(await openPatient(other, budget, 'd')).toBe(false);
    expect(redis.written).toBe(written);
  });

  test('many at once go in few questions', async () => {
    const before = redis.asked;
    const all = await Promise.all(Array.from({ length: 50 }, (_, i) => openPatient(one, budget, `p${i}`)));
    expect(all.filter(Boolean)).toHaveLength(3);
    expect(redis.asked - before).toBeLessThanOrEqual(2);
  });

  test("the day's one extension is given once", async () => {
    const extend = (account: BudgetAccount) =>
      account.change((state) => {
        const may = mayExtend(state, budget, today);
        return { state: may ? extendBudget(state, today) : state, result: may };
      });
    const given = await Promise.all([extend(one), extend(other), extend(one), extend(other)]);
    expect(given.filter(Boolean)).toHaveLength(1);
  });

  test('where others come in between every time, it is given up in the end', async () => {
    gateways.answerMilliseconds = 10_000;
    const account = await gateways.book().account('p');
    const [key = ''] = redis.kept.keys();
    redis.lag = () => {
      const stands = redis.kept.get(key);
      if (stands) redis.kept.set(key, { ...stands, version: `${stands.version}x` });
      return Promise.resolve();
    };
    await expect(openPatient(account, budget, 'a')).rejects.toMatchObject({
      ...unavailable,
      cause: { message: 'Others changed the budget 100 times in between' },
    });
  });

  test('more steps than may wait are turned away', async () => {
    redis.mode = 'silent';
    const all = await Promise.allSettled(Array.from({ length: 1002 }, () => standing(one)));
    expect(all.filter((step) => step.status === 'rejected')).toHaveLength(1002);
    expect(all.at(-1)).toMatchObject({ reason: { message: '1000 steps wait for one budget' } });
  });
});

describe('bytes under way', () => {
  test('count at once here, and soon there', async () => {
    expect(list(one).send(600_000)).toBe('within');
    expect(one.state.bytes).toBe(600_000);
    await expect.poll(async () => (await standing(other)).bytes).toBe(600_000);
  });

  test('a cut that only the others know comes with the next piece', async () => {
    const [first, second] = [list(one), list(other)];
    expect([first.send(700_000), second.send(700_000)]).toEqual(['within', 'within']);
    await expect.poll(() => [first.send(1), second.send(1)]).toEqual(['cut', 'cut']);
    expect((await settled(one)).bytes).toBeGreaterThanOrEqual(1_400_000);
  });

  test('what is given back at the end is given back for all', async () => {
    const reply = list(one);
    reply.send(600_000);
    reply.sent = 100_000;
    reply.end();
    await expect.poll(async () => (await standing(other)).bytes).toBe(100_000);
  });

  test('a megabyte does not wait for more', async () => {
    const before = redis.written;
    one.changeNow((state) => ({ state: { ...state, day: today, bytes: 1024 * 1024 }, result: undefined }));
    await new Promise(setImmediate);
    expect(redis.written).toBe(before + 1);
  });

  test('of two files that ran past the budget at the same moment, one goes on', async () => {
    const [first, second] = [await chart(one, 'a', 100), await chart(other, 'b', 100)];
    first?.send(900_000);
    second?.send(90_000);
    for (const account of [one, other, one]) await settled(account);
    expect([first?.send(20_000), second?.send(20_000)]).toEqual(['within', 'within']);
    await settled(one);
    await settled(other);
    expect([first?.send(1), second?.send(1)]).toEqual(['within', 'cut']);
    second?.end();
    await settled(other);
    expect((await settled(one)).overdrawn).toBe(true);
    first?.end();
    await settled(one);
    expect(await settled(other)).toMatchObject({ overdrawn: false, reservedBytes: 0 });
  });

  test('the time of a patient who is counted already counts here at once', async () => {
    await openPatient(one, budget, 'a');
    redis.mode = 'silent';
    one.changeNow((state) => ({ state: { ...state, patients: new Map([['a', noon + 5000]]) }, result: undefined }));
    expect(one.state.patients.get('a')).toBe(noon + 5000);
    redis.mode = 'up';
    await expect.poll(async () => (await standing(other)).patients.get('a')).toBe(noon + 5000);
  });
});

describe('what is promised to replies under way', () => {
  test('is not for anybody else, until the reply ends', async () => {
    const reply = await chart(one, 'a', 900_000);
    expect((await takeFile(other, budgetOf({ bytesPerDay: day }), 'b', 900_000)).admit).toBe(true);
    expect((await standing(one)).reservedBytes).toBe(1_800_000);
    expect((await takeFile(one, budget, 'c', 1)).admit).toBe(false);
    reply?.end();
    await expect.poll(async () => (await standing(other)).reservedBytes).toBe(900_000);
  });

  test('ends with a gateway that was killed, within minutes; what was sent stays counted', async () => {
    const reply = await chart(one, 'a', 900_000);
    reply?.send(200_000);
    await settled(one);
    expect(await settled(other)).toMatchObject({ bytes: 200_000, reservedBytes: 700_000 });
    gateways.time += 2 * minute - 1;
    expect((await settled(other)).reservedBytes).toBe(700_000);
    gateways.time += 1;
    await openPatient(other, budget, 'a', gateways.time);
    expect(await settled(other)).toMatchObject({ bytes: 200_000, reservedBytes: 0 });
  });

  test('stays while its gateway lives, however quiet the reply is', async () => {
    const book = gateways.book({ flushEveryMilliseconds: 1 });
    const quiet = await book.account('p');
    const reply = await chart(quiet, 'a', 900_000);
    for (let minutes = 0; minutes < 6; minutes += 1) {
      const { written } = redis;
      gateways.time += minute + 1;
      await expect.poll(() => redis.written).toBeGreaterThan(written);
    }
    expect((await settled(other)).reservedBytes).toBe(900_000);
    reply?.end();
    await expect.poll(async () => (await settled(other)).reservedBytes).toBe(0);
  });

  test('is given back once, also by a gateway that others took for dead', async () => {
    const reply = await chart(one, 'a', 500_000);
    gateways.time += 2 * minute;
    await chart(other, 'b', 400_000);
    expect((await settled(other)).reservedBytes).toBe(400_000);
    reply?.send(100_000);
    reply?.end();
    await settled(one);
    expect(await settled(other)).toMatchObject({ bytes: 100_000, reservedBytes: 400_000 });
  });
});

describe('a Redis that fails', () => {
  test.each(['down', 'silent', 'answer-lost'] as const)(
    '%s: whoever must be asked for is refused, and served again after',
    async (mode) => {
      redis.mode = mode;
      await expect(openPatient(one, budget, 'a')).rejects.toMatchObject(unavailable);
      await expect(gateways.book().account('q') as Promise<BudgetAccount>).rejects.toMatchObject(unavailable);
      redis.mode = 'up';
      expect(await openPatient(one, budget, 'a')).toBe(true);
    },
  );

  test.each(['down', 'silent', 'answer-lost'] as const)('%s: bytes are counted once it is back, and once', async (mode) => {
    const reply = list(one);
    redis.mode = mode;
    reply.send(300_000);
    await expect(standing(one)).rejects.toMatchObject(unavailable);
    reply.send(30_000);
    expect(one.state.bytes).toBe(330_000);
    redis.mode = 'up';
    await expect.poll(async () => (await standing(other)).bytes).toBe(330_000);
    expect((await standing(one)).bytes).toBe(330_000);
  });

  test('whoever comes while only bytes wait for an answer that never comes still has their own time', async () => {
    list(one).send(10);
    redis.mode = 'silent';
    const { asked } = redis;
    await expect.poll(() => redis.asked).toBe(asked + 1);
    redis.mode = 'up';
    expect(await openPatient(one, budget, 'a')).toBe(true);
  });

  test('bytes whose answer was lost are counted once, also where another wrote since', async () => {
    const reply = list(one);
    redis.mode = 'answer-lost';
    reply.send(300_000);
    await expect(standing(one)).rejects.toMatchObject(unavailable);
    redis.mode = 'up';
    await openPatient(other, budget, 'a');
    expect((await standing(one)).bytes).toBe(300_000);
  });

  test("a promise whose answer was lost is nobody's, and does not stay", async () => {
    redis.mode = 'answer-lost';
    await expect(chart(one, 'a', 900_000)).rejects.toMatchObject(unavailable);
    redis.mode = 'up';
    await expect.poll(async () => (await standing(other)).reservedBytes).toBe(0);
    // On the safe side: the file was counted, and nobody got it.
    expect((await standing(other)).files).toHaveLength(1);
  });

  test('what it holds and nobody can read is refused', async () => {
    const [key = ''] = (await openPatient(one, budget, 'a'), redis.kept.keys());
    for (const value of ['{"ver', '{"version":2}', JSON.stringify({ version: 1, at: 5, lineage: 'x', budget: {}, holds: [] })]) {
      redis.kept.set(key, { version: 'x', value });
      await expect(openPatient(other, budget, 'b')).rejects.toMatchObject(unavailable);
      await expect(gateways.book().account('p') as Promise<BudgetAccount>).rejects.toMatchObject(unavailable);
    }
  });

  test('a Redis that agrees to a version nobody writes is no Redis of ours', async () => {
    const agrees = new BudgetGateways({ eval: () => Promise.resolve(1) }, db);
    await expect(agrees.book().account('p') as Promise<BudgetAccount>).rejects.toMatchObject(unavailable);
    await agrees.close();
  });
});

describe('a Redis that lost everything', () => {
  const full = async () => {
    for (const patient of ['a', 'b', 'c']) await openPatient(one, budget, patient);
  };

  test('is told again by whoever knows it', async () => {
    await full();
    redis.kept.clear();
    expect(await openPatient(one, budget, 'd')).toBe(false);
    expect(await openPatient(other, budget, 'd')).toBe(false);
    expect(redis.kept.size).toBe(1);
  });

  test('is told by the row where nobody knows it any more', async () => {
    const book = gateways.book();
    const account = await book.account('p');
    for (const patient of ['a', 'b', 'c']) await openPatient(account, budget, patient);
    await book.flush();
    redis.kept.clear();
    expect(await openPatient(await gateways.book().account('p'), budget, 'd')).toBe(false);
  });

  test('a row that cannot be had or read refuses; only where there is none is the account empty', async () => {
    db.failure = new Error('database gone');
    await expect(gateways.book().account('q') as Promise<BudgetAccount>).rejects.toMatchObject(unavailable);
    redis.kept.clear();
    await expect(openPatient(one, budget, 'a')).rejects.toMatchObject(unavailable);
    db.failure = null;
    db.set('q', '{"ver', noon + minute);
    await expect(gateways.book().account('q') as Promise<BudgetAccount>).rejects.toMatchObject(unavailable);
    gateways.time += minute;
    expect((await gateways.book().account('q')).state).toMatchObject({ files: [], bytes: 0 });
  });

  test('set back to what stood an hour ago, it is told what came since, by memory or by the row', async () => {
    const book = gateways.book();
    const account = await book.account('p');
    await openPatient(account, budget, 'a');
    const old = new Map(redis.kept);
    gateways.time += 1000;
    for (const patient of ['b', 'c']) await openPatient(account, budget, patient);
    redis.setBack(old);
    expect(await openPatient(account, budget, 'd')).toBe(false);
    await book.flush();
    redis.setBack(old);
    expect(await openPatient(await gateways.book().account('p'), budget, 'd')).toBe(false);
  });

  test('what each gateway alone knows is put together, in whatever order they come', async () => {
    await openPatient(one, budget, 'a');
    await standing(other);
    const old = new Map(redis.kept);
    await openPatient(other, budget, 'b');
    gateways.time += 10;
    // `one` has not heard of b, and is the first to tell a Redis that is empty or behind.
    for (const lost of [new Map<string, never>(), old]) {
      redis.setBack(lost);
      await openPatient(one, budget, 'a');
      expect(await openPatient(other, budget, 'a')).toBe(true);
      expect([...(await standing(one)).patients.keys()].sort()).toEqual(['a', 'b']);
      const { written } = redis;
      for (const account of [one, other, one, other]) await standing(account);
      expect(redis.written).toBe(written);
    }
  });

  test('set back, and told first by a gateway that knows the row alone, it is told the rest by those that know more', async () => {
    const book = gateways.book();
    const account = await book.account('p');
    await openPatient(account, budget, 'a');
    const old = new Map(redis.kept);
    gateways.time += 1000;
    await openPatient(account, budget, 'c');
    await book.flush();
    await openPatient(other, budget, 'b');
    redis.setBack(old);
    gateways.time += 1000;
    await gateways.book().account('p');
    expect(await openPatient(other, budget, 'd')).toBe(false);
    expect([...(await standing(one)).patients.keys()].sort()).toEqual(['a', 'b', 'c']);
  });

  test('with a database that is gone as well, what Redis has is enough for whoever is new here', async () => {
    await full();
    db.failure = new Error('database gone');
    expect(await openPatient(await gateways.book().account('p'), budget, 'd')).toBe(false);
  });

  test('an old row does not take the place of what Redis has', async () => {
    db.set('p', writeBudget(emptyBudget), noon + minute);
    await full();
    expect(await openPatient(await gateways.book().account('p'), budget, 'd')).toBe(false);
  });
});

// Whatever comes in between: the answers are those of one gateway that did the same in some order, and the sums are exact.
test.each(Array.from({ length: 12 }, (_, seed) => seed))(
  'chance %d: three gateways and a Redis that is late and loses answers',
  async (seed) => {
    const chance = seeded(seed + 1);
    const upTo = (count: number): number => Math.floor(chance() * count);
    redis.lag = async () => {
      for (let turns = upTo(4); turns > 0; turns -= 1) await new Promise(setImmediate);
    };
    const loses = seed % 3 === 2;
    const limits = budgetOf({ filesPerHour: 20, patientsPerHour: 15, bytesPerDay: 60_000 });
    const accounts = [one, other, await gateways.book().account('p')];
    const files = new Set<string>();
    const patients = new Set<string>();
    const refused = { files: 0, patients: 0 };
    let lost = 0;
    let sent = 0;
    const replies: SentReply[] = [];
    const act = async (step: number): Promise<void> => {
      const account = accounts[upTo(3)]!;
      const what = upTo(4);
      if (what === 0) {
        const target = `file ${step}`;
        const { admit, charge } = await takeFile(account, limits, target, 1 + upTo(3000));
        if (!admit) refused.files += 1;
        else files.add(target);
        if (charge) replies.push(new SentReply(account, limits, charge));
      } else if (what === 1) {
        const patient = `patient ${upTo(25)}`;
        if (await openPatient(account, limits, patient)) patients.add(patient);
        else refused.patients += 1;
      } else if (what === 2) {
        const reply = replies[upTo(replies.length)];
        if (reply) reply.send(1 + upTo(500));
      } else {
        const [reply] = replies.splice(upTo(replies.length), 1);
        if (reply) {
          reply.end();
          sent += reply.sent;
        }
      }
    };
    const underWay: Promise<unknown>[] = [];
    for (let step = 0; step < 300; step += 1) {
      if (loses && step === 150) redis.mode = 'answer-lost';
      if (loses && step === 152) redis.mode = 'up';
      underWay.push(act(step).catch(() => (lost += 1)));
      if (upTo(3) === 0) await new Promise(setImmediate);
    }
    await Promise.all(underWay);
    for (const reply of replies) {
      reply.end();
      sent += reply.sent;
    }
    for (const account of [...accounts, ...accounts]) await standing(account);
    const state = await standing(one);
    expect(await standing(other)).toEqual(state);
    expect(state).toMatchObject({ bytes: sent, reservedBytes: 0, overdrawn: false });
    const counted = { files: state.files.map(({ target }) => target), patients: [...state.patients.keys()] };
    // What failed may have counted, and nothing else.
    expect([...files].filter((file) => !counted.files.includes(file))).toEqual([]);
    expect([...patients].filter((patient) => !counted.patients.includes(patient))).toEqual([]);
    expect(counted.files.length - files.size + counted.patients.length - patients.size).toBeLessThanOrEqual(lost);
    expect(counted.patients.length).toBeLessThanOrEqual(15);
    expect(counted.files.length).toBeLessThanOrEqual(20);
    expect(new Set(counted.files).size).toBe(counted.files.length);
    if (refused.patients > 0) expect(counted.patients).toHaveLength(15);
    if (!loses) expect(lost).toBe(0);
  },
);
