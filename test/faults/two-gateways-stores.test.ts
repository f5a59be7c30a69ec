// Two gateways lose what they share: Redis killed, hanging, slow, cut off from one of them, back without anything; PostgreSQL
// gone or hanging. Whoever cannot know says 503 and nobody is signed out; who has ended stays out; and all goes on by itself.

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { askOnce, AtWork } from '../support/at-work.ts';
import { allIsAccounted, BothAtWork, keptAt, sameAt, soon, statuses } from '../support/both-at-work.ts';
import { endCommands } from '../support/command.ts';
import { eventually } from '../support/demo-story.ts';
import { requirement } from '../support/requirements.ts';
import { twoGateways } from '../support/two-gateways.ts';
import type { OneOfTwo, TwoGateways } from '../support/two-gateways.ts';
import type { CookieClient } from '../support/cookie-client.ts';

const available = requirement('postgres').available && requirement('redis').available;

let two: TwoGateways;
let chart = '';
let nurse: CookieClient;
let physician: CookieClient;
/** Signed out at A before anything failed. */
let gone: CookieClient;
let working: BothAtWork | null = null;

beforeAll(async () => {
  if (!available) return;
  two = await twoGateways();
  chart = `${two.origin}/chart?pid=7`;
  nurse = await two.signIn(two.a, 'nurse');
  physician = await two.signIn(two.b, 'physician');
  gone = await two.signIn(two.a, 'records');
  const copy = keptAt(two, two.a, gone);
  await gone.form(`${two.origin}/.wardgate/sign-out`, {});
  gone = copy;
});
afterEach(async () => {
  if (!available) return;
  await working?.stop();
  working = null;
});
afterAll(async () => {
  await endCommands();
  if (available) await two.close();
});

/** Both people at both gateways. */
function everybodyWorks(): BothAtWork {
  working = new BothAtWork(two, [nurse, physician], chart);
  return working;
}

const accounted = async (): Promise<void> => allIsAccounted(two, gone, chart);

const ready = async (): Promise<readonly number[]> => Promise.all([two.a, two.b].map(async (one) => (await one.ready()).status));

const troubles: readonly (readonly [what: string, begin: () => unknown, end: () => unknown])[] = [
  ['killed', () => two.redis.kill(), () => two.redis.start()],
  ['hanging', () => two.redis.stop(), () => two.redis.continue()],
  ['slow', () => weatherOfRedis({ delayMilliseconds: 2500 }), () => weatherOfRedis({})],
  ['taking connections and never answering', () => weatherOfRedis({ held: ['up', 'down'] }), () => weatherOfRedis({})],
];

function weatherOfRedis(weather: Parameters<OneOfTwo['toRedis']['weather']>[0]): void {
  for (const { toRedis } of [two.a, two.b]) toRedis.weather(weather);
}

test.skipIf(!available).each(troubles)(
  'Redis %s: both say 503, nobody is signed out, and all go on',
  async (_what, begin, end) => {
    const work = everybodyWorks();
    await work.workAgain();
    await begin();
    const before = await work.areRefused();
    expect(two.ehr.requests().length).toBe(before);
    expect(await ready()).toEqual([503, 503]);
    await end();
    await work.workAgain();
    await eventually(async () => (await ready()).every((status) => status === 200), 'both to be ready', soon);
    await accounted();
  },
);

test.skipIf(!available)('Redis a little slow: nobody notices', async () => {
  const work = everybodyWorks();
  weatherOfRedis({ delayMilliseconds: 40 });
  try {
    await work.goOn();
  } finally {
    weatherOfRedis({});
  }
});

test.skipIf(!available).each([
  ['both ways', ['up', 'down']],
  ['what it says', ['down']],
  ['what it is told', ['up']],
] as const)('Redis cut off from A (%s): B goes on, and who is ended there is never served by A again', async (_what, held) => {
  const leaving = await two.signIn(two.b, held.length === 2 ? 'it' : held[0] === 'down' ? 'billing' : 'front-desk');
  const main = `${two.origin}/main`;
  const leaver = { a: sameAt(two, two.a, leaving), b: sameAt(two, two.b, leaving) };
  await eventually(async () => (await askOnce(leaver.a, main)).status === 200, 'the leaver at A', soon);
  const work = everybodyWorks();
  await work.workAgain();
  two.a.toRedis.weather({ held });
  const ofA = new AtWork(leaver.a, main);
  work.others.push(ofA);
  try {
    await work.areRefused([...work.atA, ofA]);
    await leaver.b.form(`${two.origin}/.wardgate/sign-out`, {});
    await work.goOn(work.atB);
  } finally {
    two.a.toRedis.weather();
  }
  await work.workAgain();
  await eventually(() => ofA.told.at(-1)?.status === 401, 'the end to be known at A', soon);
  expect(statuses(ofA.take()).filter((status) => status !== 401 && status !== 503)).toEqual([]);
  await accounted();
});

test.skipIf(!available)('PostgreSQL gone: who is in works on at both, nobody new gets in, and then they do', async () => {
  const work = everybodyWorks();
  await work.workAgain();
  await two.postgres.kill();
  try {
    const page = await two.browser(two.a).page(`${two.origin}/.wardgate/sign-in?login_hint=visitor&return=%2Fmain`);
    expect(page.status).toBe(503);
    for (const one of work.all) one.take();
    await work.goOn();
  } finally {
    await two.postgres.start();
  }
  await eventually(async () => {
    const again = await two.browser(two.b).page(`${two.origin}/.wardgate/sign-in?login_hint=newcomer&return=%2Fmain`);
    return again.status === 200;
  }, 'the next sign-in');
  await two.signIn(two.b, 'security');
  await work.workAgain();
  await accounted();
});

test.skipIf(!available)('PostgreSQL hanging: who is in works on, and who signs in is told 503 and not kept waiting', async () => {
  const work = everybodyWorks();
  await work.workAgain();
  for (const { toPostgres } of [two.a, two.b]) toPostgres.blackHole();
  try {
    const begun = performance.now();
    const page = await two.browser(two.a).page(`${two.origin}/.wardgate/sign-in?login_hint=visitor&return=%2Fmain`);
    expect(page.status).toBe(503);
    expect(performance.now() - begun).toBeLessThan(4 * soon);
    for (const one of work.all) one.take();
    await work.goOn();
  } finally {
    for (const { toPostgres } of [two.a, two.b]) toPostgres.weather();
  }
  await work.workAgain();
  await accounted();
});

test.skipIf(!available)('everything killed at once and started again: nobody is signed out, who had ended is out', async () => {
  const people = [nurse, physician];
  await Promise.all([two.a, two.b].map(async ({ process }) => process.end('SIGKILL')));
  await two.redis.kill();
  await two.postgres.kill();
  await two.postgres.start();
  await two.redis.start();
  await Promise.all([two.a.start(), two.b.start()]);
  for (const person of people) {
    for (const gateway of [two.a, two.b]) {
      await eventually(async () => (await askOnce(sameAt(two, gateway, person), chart)).status === 200, 'their session', soon);
    }
  }
  await accounted();
});
