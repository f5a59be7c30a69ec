// While a session was locked its page stayed, because OpenEMR's timers heard nothing that would move it. When the session then
// ended, the next timer heard "timeout", or its frame was led to the sign-in, and took the whole window along, with the note
// that somebody had half typed. And whoever signed in again in a window of its own, and then saved the note, was told that the
// EHR's session had ended, and the note was gone.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Ask, Reply } from '../support/cookie-client.ts';
import { eventually } from '../support/demo-story.ts';
import { HearingClient } from '../support/hearing-client.ts';
import { CHART, MAIN, openEmrClinic } from '../support/openemr-clinic.ts';
import type { OpenEmrClinic } from '../support/openemr-clinic.ts';

const counter = '/library/ajax/dated_reminders_counter.php';
const services = '/library/ajax/execute_background_services.php';
const timer = '/interface/main/tabs/timeout_iframe.php';
const note = '/interface/patient_file/summary/pnotes_full.php';

let house: OpenEmrClinic;
let during: (target: string) => Promise<void> = () => Promise.resolve();

beforeAll(async () => {
  house = await openEmrClinic({
    version: 5,
    preset: 'openemr',
    idle: '5m',
    openEmr: { whileLocked: (target) => during(target) },
  });
  house.importPassword('nurse', 'meadow-nurse');
});
afterAll(async () => house.close());
// Nothing of the story before is still remembered.
beforeEach(() => {
  house.clock.forward({ minutes: 31 });
  during = () => Promise.resolve();
});

const ownFetch = { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' };
const ownFrame = { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' };
const form = 'application/x-www-form-urlencoded';

function poll(client: HearingClient, path: string): Promise<Reply> {
  const headers = { ...ownFetch, 'content-type': form, origin: house.place.origin };
  return client.ask(house.url(path), { method: 'POST', body: 'skip_timeout_reset=1', headers });
}
const reload = (client: HearingClient, path: string, more: Ask['headers'] = {}): Promise<Reply> =>
  client.ask(house.url(path), { headers: { ...ownFrame, accept: 'text/html', ...more } });
function save(client: HearingClient, text: string): Promise<Reply> {
  const headers = { ...ownFrame, accept: 'text/html', 'content-type': form, origin: house.place.origin, 'sec-fetch-user': '?1' };
  return client.ask(house.url(note), { method: 'POST', body: new URLSearchParams({ note: text }).toString(), headers });
}

/** A cookie that named nothing of ours. */
function stranger(): HearingClient {
  const client = new HearingClient();
  client.jar.set(new URL(house.place.origin).host, new Map([['wardgate', 'A'.repeat(43)]]));
  return client;
}

async function endByCommand(client: HearingClient): Promise<void> {
  const { sessions } = house.gateway().composed.state;
  const { session } = JSON.parse((await client.ask(`${house.place.origin}/.wardgate/me`, { headers: { accept: 'application/json' } })).text) as { session: string }; // prettier-ignore
  await sessions.end(sessions.byReference(session)?.key ?? '', 'revoked');
}

const ways: readonly (readonly [string, (client: HearingClient) => Promise<void>])[] = [
  ['nobody came back', async () => Promise.resolve(house.clock.forward({ minutes: 36 }))],
  ['it was at its limit', async () => Promise.resolve(house.clock.forward({ hours: 13 }))],
  ['somebody ended it', endByCommand],
];

describe.each(ways)('after the session ended because %s', (_why, endIt) => {
  test('the timers of the page hear nothing that would move it, and strangers hear what they always heard', async () => {
    const { client } = await house.enter('nurse');
    await endIt(client);
    const before = house.emr.requests().length;
    for (let minute = 0; minute < 3; minute += 1) {
      house.clock.forward({ minutes: 1 });
      expect(await poll(client, counter)).toMatchObject({ status: 200, text: '{"reminderText":""}' });
      expect((await poll(client, services)).status).toBe(401);
      expect(await reload(client, timer)).toMatchObject({ status: 204, text: '' });
      expect((await reload(client, MAIN, { 'sec-fetch-dest': 'document' })).status).toBe(204);
    }
    // A person's own click leads to the sign-in, as ever.
    expect((await reload(client, CHART, { 'sec-fetch-user': '?1' })).status).toBe(303);
    expect((await reload(client, MAIN, { 'sec-fetch-user': '?1', 'sec-fetch-dest': 'document' })).status).toBe(303);
    expect((await reload(client, MAIN, { 'sec-fetch-site': 'none', 'sec-fetch-dest': 'document' })).status).toBe(303);
    for (const nobody of [stranger(), new HearingClient()]) {
      expect((await poll(nobody, counter)).text).toContain('timeout');
      expect((await reload(nobody, timer)).status).toBe(303);
    }
    // The logout at the EHR is ours.
    expect(house.emr.requests().slice(before).filter(({ target }) => !target.includes('logout'))).toEqual([]); // prettier-ignore
    house.clock.forward({ minutes: 31 });
    expect((await poll(client, counter)).text).toContain('timeout');
    expect((await reload(client, timer)).status).toBe(303);
  });

  test('a note that is saved after signing in elsewhere is kept, and not sent into whoever’s chart is open by then', async () => {
    const { client } = await house.enter('nurse');
    await client.page(house.url(`${CHART}?set_pid=5`), ownFrame);
    await endIt(client);
    // The cover's window: it comes back to a page of ours, not of the EHR.
    await house.arrive('nurse', '/.wardgate/unlocked', client);
    const saved = await save(client, 'Wound dry and clean');
    expect(saved.status).toBe(401);
    expect(saved.text).toContain('is kept for you');
    await client.page(house.url('/'));
    await client.page(house.url(`${CHART}?set_pid=6`), ownFrame);
    const page = await client.page(`${house.place.origin}/.wardgate/held`);
    expect(page.text).toContain('Wound dry and clean');
    const id = /name="wardgate-held" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
    const headers = { ...ownFrame, 'sec-fetch-dest': 'document', 'content-type': form, origin: house.place.origin };
    const sent = await client.ask(house.url(note), { method: 'POST', body: `wardgate-held=${id}`, headers: { ...headers, accept: 'text/html' } }); // prettier-ignore
    expect([sent.status, sent.text.includes('held-post-other-patient')]).toEqual([409, true]);
    expect(notesAtEhr()).toEqual([]);
    const discarded = await client.form(`${house.place.origin}/.wardgate/held`, { discard: id });
    expect(discarded.text).not.toContain('Wound dry and clean');
    house.emr.restart();
  });
});

const notesAtEhr = (): string[] =>
  house.emr
    .requests()
    .slice(seen)
    .filter(({ method, target }) => method === 'POST' && target.includes('pnotes_full'))
    .map(({ body }) => body);
let seen = 0;
beforeEach(() => void (seen = house.emr.requests().length));

test('a timer that is at the EHR when the session ends hears nothing of it either', async () => {
  const { client } = await house.enter('nurse');
  let arrived = false;
  let release: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (release = resolve));
  during = async (target) => {
    if (!target.includes('dated_reminders_counter')) return;
    arrived = true;
    await gate;
  };
  const answer = poll(client, counter);
  await eventually(() => arrived, 'the timer at the EHR');
  await endByCommand(client);
  expect(await answer).toMatchObject({ status: 200, text: '{"reminderText":""}' });
  release();
});
