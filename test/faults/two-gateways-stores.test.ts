// Two gateways lose what they share: Redis killed, hanging, slow, cut off from one of them, back without anything; PostgreSQL
// gone or hanging. Whoever cannot know says 503 and nobody is signed out; who has ended stays out; and all goes on by itself.

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { expectAccounted } from '../support/accounted.ts';
import { askOnce, AtWork, isOut } from '../support/at-work.ts';
import type { Told } from '../support/at-work.ts';
import { endCommands } from '../support/command.ts';
import { eventually } from '../support/demo-story.ts';
import { requirement } from '../support/requirements.ts';
import { twoGateways } from '../support/two-gateways.ts';
import type { OneOfTwo, TwoGateways } from '../support/two-gateways.ts';
import { CookieClient } from '../support/cookie-client.ts';

const available = requirement('postgres').available && requirement('redis').available;
/** Far more than the half second that a refusal and the two that a recovery may take: the machine may be busy. */
const soon = 10_000;

let two: TwoGateways;
let chart = '';
let nurse: CookieClient;
let physician: CookieClient;
/** Signed out at A before anything failed. */
let gone: CookieClient;
let working: readonly AtWork[] = [];
let ehrBefore = 0;

beforeAll(async () => {
  if (!available) return;
  two = await twoGateways();
  chart = `${two.origin}/chart?pid=7`;
  nurse = await two.signIn(two.a, 'nurse');
  physician = await two.signIn(two.b, 'physician');
  gone = await two.signIn(two.a, 'records');
  const copy = two.browser(two.a);
  for (const [host, cookies] of gone.jar) copy.jar.set(host, new Map(cookies));
  await gone.form(`${two.origin}/.wardgate/sign-out`, {});
  gone = copy;
});
afterEach(async () => {
  if (!available) return;
  for (const one of working) await one.stop();
  working = [];
});
afterAll(async () => {
  await endCommands();
  if (available) await two.close();
});

/** One browser of the same person at each gateway: cookies are the same, as with a balancer. */
function at(gateway: OneOfTwo, client: CookieClient): CookieClient {
  const other = two.browser(gateway);
  for (const [host, cookies] of client.jar) other.jar.set(host, cookies);
  return other;
}

/** Both people at both gateways, one request after another. */
function everybodyWorks(): { readonly atA: readonly AtWork[]; readonly atB: readonly AtWork[] } {
  const begin = (gateway: OneOfTwo) => [nurse, physician].map((one) => new AtWork(at(gateway, one), chart));
  const [atA, atB] = [begin(two.a), begin(two.b)];
  working = [...atA, ...atB];
  return { atA, atB };
}

const statuses = (told: readonly Told[]): readonly number[] => [...new Set(told.map(({ status }) => status))];

/** From now on all of these are told 503, as it should be told, and the EHR hears of nobody. */
async function allAreRefused(people: readonly AtWork[]): Promise<void> {
  for (const one of people) {
    await eventually(() => one.told.length > 2 && one.told.slice(-3).every(({ status }) => status === 503), 'refusals', soon);
    // On the way there: served, or refused. Never anything that sounds like an end.
    expect(statuses(one.take()).filter((status) => status !== 200 && status !== 503)).toEqual([]);
  }
  ehrBefore = two.ehr.requests().length;
  for (const one of people) {
    await eventually(() => one.told.length > 2, 'more refusals', soon);
    const told = one.take();
    expect(statuses(told)).toEqual([503]);
    expect(told.filter(({ retryAfter, reason }) => retryAfter === undefined || reason !== 'session-store-unavailable')).toEqual(
      [],
    );
    expect(told.filter(({ clearsCookie, milliseconds }) => clearsCookie || milliseconds > soon)).toEqual([]);
  }
}

/** They work again, as who they were, and were told nothing but 503 in between. */
async function allWorkAgain(people: readonly AtWork[]): Promise<void> {
  for (const one of people) {
    await eventually(() => one.told.at(-1)?.status === 200, 'work to go on', 2 * soon);
    expect(statuses(one.take()).filter((status) => status !== 200 && status !== 503)).toEqual([]);
  }
}

/** They work, for a while without anybody hearing 503, which a machine that is too busy for a second makes them hear. */
async function allGoOn(people: readonly AtWork[]): Promise<void> {
  for (const one of people) {
    const served = (): boolean => one.told.length > 9 && one.told.slice(-10).every(({ status }) => status === 200);
    await eventually(served, 'ten pages in a row', 4 * soon);
    expect(statuses(one.take()).filter((status) => status !== 200 && status !== 503)).toEqual([]);
  }
}

/** After everything: who had ended is still out at both, and what the EHR saw is on record. */
async function allIsAccounted(): Promise<void> {
  for (const gateway of [two.a, two.b]) await isOut(two.send(gone, gateway), chart);
  await expectAccounted(two.ehr.requests(), ...two.auditDirectories);
}

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
    const { atA, atB } = everybodyWorks();
    await allWorkAgain([...atA, ...atB]);
    await begin();
    await allAreRefused([...atA, ...atB]);
    expect(two.ehr.requests().length).toBe(ehrBefore);
    expect(await ready()).toEqual([503, 503]);
    await end();
    await allWorkAgain([...atA, ...atB]);
    await eventually(async () => (await ready()).every((status) => status === 200), 'both to be ready', soon);
    await allIsAccounted();
  },
);

test.skipIf(!available)('Redis a little slow: nobody notices', async () => {
  const { atA, atB } = everybodyWorks();
  weatherOfRedis({ delayMilliseconds: 40 });
  try {
    await allGoOn([...atA, ...atB]);
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
  const leaver = { a: at(two.a, leaving), b: at(two.b, leaving) };
  await eventually(async () => (await askOnce(leaver.a, main)).status === 200, 'the leaver at A', soon);
  const { atA, atB } = everybodyWorks();
  await allWorkAgain([...atA, ...atB]);
  two.a.toRedis.weather({ held });
  const ofA = new AtWork(leaver.a, main);
  working = [...working, ofA];
  try {
    await allAreRefused([...atA, ofA]);
    await leaver.b.form(`${two.origin}/.wardgate/sign-out`, {});
    await allGoOn(atB);
  } finally {
    two.a.toRedis.weather();
  }
  await allWorkAgain([...atA, ...atB]);
  await eventually(() => ofA.told.at(-1)?.status === 401, 'the end to be known at A', soon);
  expect(statuses(ofA.take()).filter((status) => status !== 401 && status !== 503)).toEqual([]);
  await allIsAccounted();
});

test.skipIf(!available)('PostgreSQL gone: who is in works on at both, nobody new gets in, and then they do', async () => {
  const { atA, atB } = everybodyWorks();
  await allWorkAgain([...atA, ...atB]);
  await two.postgres.kill();
  try {
    const page = await two.browser(two.a).page(`${two.origin}/.wardgate/sign-in?login_hint=visitor&return=%2Fmain`);
    expect(page.status).toBe(503);
    for (const one of [...atA, ...atB]) one.take();
    await allGoOn([...atA, ...atB]);
  } finally {
    await two.postgres.start();
  }
  await eventually(async () => {
    const again = await two.browser(two.b).page(`${two.origin}/.wardgate/sign-in?login_hint=newcomer&return=%2Fmain`);
    return again.status === 200;
  }, 'the next sign-in');
  await two.signIn(two.b, 'security');
  await allWorkAgain([...atA, ...atB]);
  await allIsAccounted();
});

test.skipIf(!available)('PostgreSQL hanging: who is in works on, and who signs in is told 503 and not kept waiting', async () => {
  const { atA, atB } = everybodyWorks();
  await allWorkAgain([...atA, ...atB]);
  for (const { toPostgres } of [two.a, two.b]) toPostgres.blackHole();
  try {
    const begun = performance.now();
    const page = await two.browser(two.a).page(`${two.origin}/.wardgate/sign-in?login_hint=visitor&return=%2Fmain`);
    expect(page.status).toBe(503);
    expect(performance.now() - begun).toBeLessThan(4 * soon);
    for (const one of [...atA, ...atB]) one.take();
    await allGoOn([...atA, ...atB]);
  } finally {
    for (const { toPostgres } of [two.a, two.b]) toPostgres.weather();
  }
  await allWorkAgain([...atA, ...atB]);
  await allIsAccounted();
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
      await eventually(async () => (await askOnce(at(gateway, person), chart)).status === 200, 'their session', soon);
    }
  }
  await allIsAccounted();
});
