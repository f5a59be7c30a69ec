// The network falls apart: the master of Redis lives on with one gateway beside it, and Sentinel, the replicas and the other gateway
// are on the other side, where there is a new master soon. Whoever asks the one that was left behind is told 503, because no replica
// confirms its heartbeats: who was ended on the other side comes in nowhere, and nobody has a budget twice.

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { askOnce, AtWork, isOut } from '../support/at-work.ts';
import { expectAccounted } from '../support/accounted.ts';
import { BothAtWork, keptAt, sameAt, statuses } from '../support/both-at-work.ts';
import { endCommands } from '../support/command.ts';
import type { CookieClient } from '../support/cookie-client.ts';
import { eventually, seenByEhr } from '../support/demo-story.ts';
import { requirement } from '../support/requirements.ts';
import { twoGateways } from '../support/two-gateways.ts';
import type { TwoGateways } from '../support/two-gateways.ts';

const available = requirement('postgres').available && requirement('redis').available;
/** Sentinel takes half a second to notice, and some to choose. */
const patience = 30_000;
/** Of four megabytes each, of the twenty that the shipped rules give the front desk for a day. */
const mostFiles = 4;
const file = '/files/large?megabytes=4';

let two: TwoGateways;

beforeAll(async () => {
  if (!available) return;
  const rules = readFileSync(new URL('../../config/rules.yaml', import.meta.url), 'utf8');
  expect(rules).toContain('front-desk: { files: 5/hour, size: 20MB/day, patients: 20/hour, then: refuse }');
  const all = rules.replace('allow: [physician, nurse, records, it] }', 'allow: everyone }');
  two = await twoGateways({ sentinel: true, apart: true, replicas: 2, rules: all });
});
afterAll(async () => {
  await endCommands();
  if (available) await two.close();
});

/** How many entries the stream at the master that was left behind was ever given. */
async function writtenThere(): Promise<number> {
  const fields = (await two.redis.command('XINFO', 'STREAM', 'wardgate{changes}')) as readonly unknown[];
  return Number(fields[fields.indexOf('entries-added') + 1]);
}

/** How many files they get before they are told that it is enough. */
async function filesUntilRefused(client: CookieClient): Promise<number> {
  const told: number[] = [];
  const enough = async (): Promise<boolean> => {
    told.push((await askOnce(client, `${two.origin}${file}`)).status);
    return told.at(-1) === 429 || told.at(-1) === 403;
  };
  await eventually(enough, 'the end of the budget', patience);
  return told.filter((status) => status === 200).length;
}

test.skipIf(!available)(
  'the master lives on beside A while Sentinel promotes another: A serves nobody, an end at B holds at A, no budget is doubled',
  { timeout: 240_000 },
  async () => {
    const main = `${two.origin}/main`;
    const nurse = await two.signIn(two.a, 'nurse');
    const desk = await two.signIn(two.b, 'front-desk');
    const leaving = await two.signIn(two.b, 'it');
    const [leftAtA, leftAtB] = [keptAt(two, two.a, leaving), keptAt(two, two.b, leaving)];
    for (const one of [sameAt(two, two.a, desk), leftAtA]) {
      await eventually(async () => (await askOnce(one, main)).status === 200, 'their session at A', patience);
    }
    expect((await askOnce(sameAt(two, two.a, desk), `${two.origin}${file}`)).status).toBe(200);
    const work = new BothAtWork(two, [nurse], main);
    await work.workAgain();
    two.toMaster?.weather({ held: ['up', 'down'] });
    const seen = { left: seenByEhr(two, '/finder'), files: seenByEhr(two, '/files/large') };
    await work.areRefused(work.atA);
    await work.goOn(work.atB);
    // The one that was left behind takes what A writes, and answers.
    const before = await writtenThere();
    await eventually(async () => (await writtenThere()) > before + 4, 'A to write there', patience);
    const ofA = [new AtWork(leftAtA, `${two.origin}/finder`), new AtWork(sameAt(two, two.a, desk), `${two.origin}${file}`)];
    work.others.push(...ofA);
    await leaving.form(`${two.origin}/.wardgate/sign-out`, {});
    await isOut(leftAtB, main);
    for (const one of ofA) {
      const from = one.told.length;
      await eventually(() => one.told.length > from + 4, 'more of them at A', patience);
      expect(statuses(one.told)).toEqual([503]);
      await one.stop();
    }
    expect([seenByEhr(two, '/finder'), seenByEhr(two, '/files/large')]).toEqual([seen.left, seen.files]);
    expect(await filesUntilRefused(sameAt(two, two.b, desk))).toBe(mostFiles - 1);

    two.toMaster?.weather();
    await eventually(async () => two.redis.follows(), 'the old master to follow the new one', patience);
    for (const one of two.replicas) if (await one.isMaster()) two.besideA?.says(one.port);
    await work.workAgain();
    await isOut(leftAtA, main);
    expect(await filesUntilRefused(sameAt(two, two.a, desk))).toBe(0);
    await work.goOn();
    await work.stop();
    await expectAccounted(two.ehr.requests(), ...two.auditDirectories);
  },
);
