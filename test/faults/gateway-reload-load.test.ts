// Rules change while many work: no request is lost by it, each is decided wholly by the rules before or by those after, a live
// connection goes on, and a file with a mistake in between changes nothing and is told of.

import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { expectAccounted } from '../support/accounted.ts';
import { clinic } from '../support/clinic.ts';
import type { Clinic } from '../support/clinic.ts';
import { endCommands, gatewayProcess } from '../support/command.ts';
import type { Command } from '../support/command.ts';
import { eventually, linesOf, records } from '../support/demo-story.ts';
import { enrol } from '../support/enrol.ts';
import type { Enrolled } from '../support/enrol.ts';

const script = { accept: '*/*', 'sec-fetch-mode': 'cors' };
const lanes = 6;

let place: Clinic;
let gateway: Command;
let nurse: Enrolled;
let shipped = '';

beforeAll(async () => {
  place = await clinic();
  gateway = await gatewayProcess(place.file);
  nurse = await enrol(place.origin, 'newcomer');
  shipped = readFileSync(join(place.directory, 'rules.yaml'), 'utf8');
});
afterAll(async () => {
  await endCommands();
  await place.close();
});

function save(text: string): void {
  const file = join(place.directory, 'rules.yaml');
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
}

/** The shipped rules without the nurse's right to charts. */
function withoutCharts(): string {
  const rules = shipped.replace('allow: [physician, nurse, records], emergency: front-desk }', 'allow: [physician, records] }');
  return rules.slice(0, rules.indexOf('\ntests:'));
}

/** What each line of the record has that fits: read as text, because the last line may stand there by half. */
const found = (pattern: RegExp): readonly string[] => linesOf(place).flatMap((line) => pattern.exec(line)?.[1] ?? []);
const changes = (): readonly string[] => found(/"event":"configuration",.*"policy":"([0-9a-f]+)"/);

/** Saves, and resolves with the version of the rules that came in force. */
async function change(text: string): Promise<string> {
  const before = changes().length;
  save(text);
  return eventually(() => changes()[before], 'the new rules');
}

test('nobody is dropped, and each request is judged by one set of rules', async () => {
  const told: number[] = [];
  const load = { isOver: false };
  const lane = async (): Promise<void> => {
    while (!load.isOver) told.push((await nurse.client.ask(`${place.origin}/chart?pid=7`, { headers: script })).status);
  };
  const line = new WebSocket(`${place.origin.replace('http', 'ws')}/ws/messages`, {
    headers: { cookie: nurse.client.cookieHeader(place.origin), origin: place.origin },
  });
  const heard: string[] = [];
  line.on('message', (data: Buffer) => heard.push(data.toString()));
  await eventually(() => heard.length > 0, 'the greeting');
  const working = Array.from({ length: lanes }, lane);
  const forbidding = new Set<unknown>();
  const allowing = new Set<unknown>();
  for (let round = 0; round < 2; round += 1) {
    forbidding.add(await change(`${withoutCharts()}\n# ${round}\n`));
    const refused = told.length;
    await eventually(() => told.slice(refused).includes(403), 'a refusal');
    allowing.add(await change(`${shipped}\n# ${round}\n`));
    const allowed = told.length;
    await eventually(() => told.slice(allowed).includes(200), 'a chart again');
    line.send(`round ${round}`);
  }
  const changed = changes().length;
  // As an editor that is killed while it saves leaves it.
  save(shipped.slice(0, shipped.indexOf('allow: [physician, nurse, records]') + 20));
  await eventually(() => found(/"event":"(configuration-rejected)"/).length > 0, 'the rejection');
  // A machine that is too busy for a second has it not ready for two.
  const ready = await eventually(async () => {
    const reply = await fetch(`http://127.0.0.1:${place.healthPort}/readyz`);
    return reply.status === 200 ? reply.text() : null;
  }, 'it to be ready');
  expect(ready).toContain('are not in force, the ones before them are');
  const since = told.length;
  await eventually(() => told.length > since + 50, 'fifty more');
  load.isOver = true;
  await Promise.all(working);
  expect(told.filter((status) => status !== 200 && status !== 403)).toEqual([]);
  expect(new Set(told.slice(since + lanes))).toEqual(new Set([200]));
  expect(changes().length).toBe(changed);
  await eventually(() => heard.includes('round 1'), 'the live connection');
  line.terminate();
  expect(await gateway.end()).toEqual({ code: 0, signal: null });
  const charts = records(place).filter((one) => String(one['target']).startsWith('/chart'));
  const allowed = charts.filter(({ event }) => event === 'attempt');
  const refused = charts.filter(({ event }) => event === 'refusal');
  expect(allowed.length + refused.length).toBe(told.length);
  expect(allowed.filter(({ policy }) => forbidding.has(policy))).toEqual([]);
  expect(refused.filter(({ policy }) => !forbidding.has(policy))).toEqual([]);
  await expectAccounted(place.ehr.requests(), place.auditDirectory);
});
