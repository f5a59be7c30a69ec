// OpenMRS 3 behind the gateway with the shipped preset, by a stand-in that behaves as its source does: people are signed on
// through its REST session, which answers with 200 whoever asks, and the session's end is told to each caller as it can be used.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { BudgetState } from '../../src/core/downloads/budget-state.ts';
import { personKey } from '../../src/core/downloads/person-key.ts';
import { attachmentBytes, locations, patientOf, patientUuid, recordsOf } from '../../src/demo/openmrs/records.ts';
import { startOpenMrs } from '../../src/demo/openmrs/start-open-mrs.ts';
import type { OpenMrs, OpenMrsOptions } from '../../src/demo/openmrs/start-open-mrs.ts';
import { problemOf, script } from '../support/clinic-story.ts';
import type { CookieClient, Ask, Reply } from '../support/cookie-client.ts';
import { eventually } from '../support/demo-story.ts';
import { cookieNames, enterPassword, signOnClinic, withoutTheEhrHearing } from '../support/sign-on-clinic.ts';
import type { SignOnClinic } from '../support/sign-on-clinic.ts';

const rest = '/openmrs/ws/rest/v1';
const fhir = '/openmrs/ws/fhir2/R4';
const sessionPath = `${rest}/session`;
const home = '/openmrs/spa/home';
const uuid = patientUuid(7);
const ward = locations[0]?.uuid ?? '';

const rules = `rules:
  - { name: screens, area: [ehr.shell, ehr.account], allow: everyone }
  - { name: desk, area: [ehr.search, ehr.demographics, ehr.schedule], allow: [physician, nurse, front-desk, records] }
  - { name: charts, area: [ehr.chart, ehr.documents, ehr.wards], allow: [physician, nurse, records], export: [physician, records] }
  - { name: notes, area: ehr.notes, allow: [physician, nurse] }
  - { name: copies, area: [ehr.copies, ehr.letters], allow: [physician, records], export: [physician, records] }
  - { name: interface, area: ehr.api, allow: it }
downloads: { everyone: { files: 100/hour, size: 100MB/day, patients: 100/hour, then: refuse } }
`;

let mrs: OpenMrs;
let house: SignOnClinic;

async function open(more: readonly string[] = [], options: OpenMrsOptions = {}): Promise<void> {
  mrs = await startOpenMrs(options);
  house = await signOnClinic({
    ehr: mrs.origin,
    applicationLines: ['preset: openmrs-3', 'signOn: own-password', ...more],
    rules,
  });
}

async function close(): Promise<void> {
  await house.close();
  await mrs.close();
}

async function signedOn(name: string): Promise<CookieClient> {
  const client = await house.person(name, home);
  await enterPassword(house, client, name, `meadow-${name}`, home);
  return client;
}

const ask = (client: CookieClient, path: string, more: Ask = {}): Promise<Reply> => script(client, house.origin + path, more);
const json = (reply: Reply): Record<string, unknown> => JSON.parse(reply.text) as Record<string, unknown>;

async function budgetOf(name: string): Promise<BudgetState> {
  const { budgets } = house.gateway.composed.state;
  return (await budgets.account(personKey({ issuer: house.place.provider.issuer, sub: name }))).state;
}

describe('signing on', () => {
  beforeEach(async () => open([`signOnValues: { location: ${ward} }`]));
  afterEach(async () => close());

  test('opens one session with the place of work, of which the browser knows nothing', async () => {
    const client = await house.person('nurse', home);
    expect(mrs.requests()).toEqual([]);
    const arrived = await enterPassword(house, client, 'nurse', 'meadow-nurse', home);
    expect(arrived).toMatchObject({ status: 200, url: house.origin + home });
    expect(mrs.sessions()).toMatchObject([{ user: 'nurse', location: ward }]);
    expect(mrs.logins()).toMatchObject([{ user: 'nurse', way: 'basic', result: 'success' }]);
    expect(cookieNames(house, client)).toEqual(['wardgate', 'wardgate-browser']);
    const session = await ask(client, sessionPath);
    expect(json(session)).toMatchObject({ authenticated: true, user: { username: 'nurse' }, sessionLocation: { uuid: ward } });
    expect(session.headers['set-cookie']).toBeUndefined();
    expect(mrs.seenSince(0).filter(({ headers }) => headers.join(' ').includes('Basic '))).toHaveLength(1);
    expect(house.written()).not.toContain('meadow-nurse');
  });

  test('a wrong password is answered with 200, and known all the same: one try, and nothing is kept', async () => {
    const client = await house.person('nurse', home);
    const told = await enterPassword(house, client, 'nurse', 'not-the-password', home);
    expect(told.status).toBe(403);
    expect(told.text).toContain('The EHR did not accept this name and password');
    expect(mrs.logins()).toMatchObject([{ result: 'wrong' }]);
    expect(mrs.sessions()).toEqual([]);
    await withoutTheEhrHearing(house, async () => {
      expect((await client.page(house.origin + home)).url).toContain('/.wardgate/credential');
      expect((await ask(client, sessionPath)).status).toBe(401);
    });
  });

  test('a password with a colon is refused by OpenMRS, which reads it up to there, and the person is told why', async () => {
    const client = await house.person('nurse', home);
    const told = await enterPassword(house, client, 'nurse', 'meadow:nurse', home);
    expect(told.status).toBe(403);
    expect(told.text).toMatch(/colon/);
    expect(told.text).not.toContain('meadow:nurse');
    const other = await enterPassword(house, client, 'nurse', 'wrong', home);
    expect(other.text).not.toMatch(/colon/);
    const name = await withoutTheEhrHearing(house, () => enterPassword(house, client, 'nurse:x', 'meadow-nurse', home));
    expect(name.status).toBe(400);
    expect(name.text).toContain('The name must not hold a colon');
  });

  test('two people have two sessions (case 22)', async () => {
    const nurse = await signedOn('nurse');
    const physician = await signedOn('physician');
    expect(
      mrs
        .sessions()
        .map(({ user }) => user)
        .sort(),
    ).toEqual(['nurse', 'physician']);
    for (const [client, name] of [
      [nurse, 'nurse'],
      [physician, 'physician'],
    ] as const) {
      expect(json(await ask(client, sessionPath))).toMatchObject({ user: { username: name } });
    }
  });
});

test('without a place of work none is told, and the frontend may choose it', async () => {
  await open();
  const client = await signedOn('nurse');
  expect(mrs.sessions()).toMatchObject([{ user: 'nurse', location: null }]);
  expect(mrs.requests().some(({ method }) => method === 'POST')).toBe(false);
  const body = JSON.stringify({ sessionLocation: ward });
  const headers = { 'content-type': 'application/json', origin: house.origin };
  expect((await ask(client, sessionPath, { method: 'POST', body, headers })).status).toBe(200);
  expect(mrs.sessions()).toMatchObject([{ user: 'nurse', location: ward }]);
  await close();
});

test('the challenge of OpenMRS reaches no browser, also where people sign on there by themselves (case 19)', async () => {
  mrs = await startOpenMrs();
  house = await signOnClinic({ ehr: mrs.origin, applicationLines: ['preset: openmrs-3', 'signOn: none'], rules });
  const path = `${rest}/patient/${uuid}`;
  expect((await fetch(mrs.origin + path)).headers.get('www-authenticate')).toMatch(/^Basic/);
  const client = await house.person('nurse', home);
  const reply = await ask(client, path);
  expect(reply.status).toBe(401);
  expect(reply.rawHeaders.join('\n').toLowerCase()).not.toContain('www-authenticate');
  expect(reply.text).toContain('User is not logged in');
  await close();
});

describe('at work', () => {
  let client: CookieClient;
  beforeAll(async () => {
    await open();
    client = await signedOn('physician');
  });
  afterAll(async () => close());

  test('the patient stands on record from the path and the query, and a chart is opened once', async () => {
    const paths = [
      [`${rest}/patient/${uuid}`, 'path', 'demographics'],
      [`${rest}/visit?patient=${uuid}`, 'query', 'chart'],
      [`${fhir}/Patient/${uuid}`, 'path', 'demographics'],
      [`${fhir}/Observation?subject:Patient=${uuid}`, 'query', 'chart'],
      [`${rest}/obs?patient=${uuid}&v=full`, 'query', 'chart'],
      [`${rest}/patient/${uuid}/allergy`, 'path', 'chart'],
    ] as const;
    for (const [path, source, category] of paths) {
      await ask(client, path);
      const found = await eventually(() => house.records('attempt').at(-1), path);
      expect(found).toMatchObject({ patient: uuid, patientSource: source, category, subject: { name: 'physician' } });
    }
    const opened = await eventually(() => house.records('chart-opened'), 'the chart');
    expect(opened).toMatchObject([{ patient: uuid, subject: { name: 'physician' } }]);
  });

  test('a record that is asked for by its own id says nothing of its patient', async () => {
    const [visit] = recordsOf('visit', patientOf(uuid)!);
    expect((await ask(client, `${rest}/visit/${visit?.uuid ?? ''}`)).status).toBe(200);
    expect(house.records('attempt').at(-1)).toMatchObject({ patientSource: 'unresolved', category: 'chart' });
    expect(house.records('attempt').at(-1)).not.toHaveProperty('patient');
  });

  test('absolute links lead to the public address, so that the frontend follows them', async () => {
    const reply = json(await ask(client, `${rest}/patient?q=a&limit=1`)) as { links: readonly { uri: string }[] };
    const next = new URL(reply.links[0]?.uri ?? '');
    expect(next.origin).toBe(house.origin);
    expect((await ask(client, next.pathname + next.search)).status).toBe(200);
    const bundle = json(await ask(client, `${fhir}/Patient?name=a&_count=1`)) as { link: readonly { url: string }[] };
    expect(bundle.link.map(({ url }) => new URL(url).origin)).toEqual(bundle.link.map(() => house.origin));
  });

  test('a picture among the attachments is looked at and on record in every byte; a printed sheet is a file that leaves', async () => {
    const [attachment] = recordsOf('attachment', patientOf(uuid)!);
    const path = `${rest}/attachment/${attachment?.uuid ?? ''}/bytes`;
    const before = await budgetOf('physician');
    const picture = await ask(client, path);
    expect(picture.headers['content-disposition']).toBeUndefined();
    expect(picture.body.equals(attachmentBytes(attachment!))).toBe(true);
    const outcome = await eventually(() => house.records('outcome').find(({ target }) => target === path), 'the outcome');
    expect(outcome).toMatchObject({ status: 200, bytesOut: picture.body.length, category: 'documents' });
    const sticker = `${rest}/patientdocuments/patientIdSticker?patientUuid=${uuid}`;
    const sheet = await ask(client, sticker);
    expect(sheet.headers['content-type']).toBe('application/pdf');
    const after = await budgetOf('physician');
    expect(after.files.length - before.files.length).toBe(1);
    expect(after.bytes - before.bytes).toBeGreaterThanOrEqual(sheet.body.length);
    const records = await signedOn('records');
    expect((await ask(records, sticker)).status).toBe(200);
    const nurse = await signedOn('nurse');
    const refused = await withoutTheEhrHearing(house, () => ask(nurse, sticker));
    expect(refused.status).toBe(403);
  });

  test('a bundle is refused to everybody, and REST to those who have no business there (case 21)', async () => {
    const it = await signedOn('it');
    await withoutTheEhrHearing(house, async () => {
      const bundle = { method: 'POST', body: '{}', headers: { 'content-type': 'application/fhir+json', origin: house.origin } };
      for (const who of [client, it]) {
        expect(problemOf(await ask(who, fhir, bundle))).toMatchObject({ reason: 'denied-always' });
      }
      expect((await ask(client, `${rest}/systeminformation`)).status).toBe(403);
    });
  });

  test('what the EHR refuses for want of a privilege stays its own answer', async () => {
    const desk = await signedOn('front-desk');
    const reply = await ask(desk, `${rest}/patient/${uuid}`);
    expect(reply.status).toBe(200);
    mrs.expireSessions();
    expect(problemOf(await ask(desk, `${rest}/patient/${uuid}`))).toMatchObject({ reason: 'ehr-session-ended' });
  });
});

describe('the end of its session', () => {
  let client: CookieClient;
  beforeEach(async () => {
    await open();
    client = await signedOn('nurse');
  });
  afterEach(async () => close());

  test('a script hears 401 without a challenge, whoever sends one, and signs nobody on (cases 9 and 19)', async () => {
    mrs.expireSessions();
    const stale = await ask(client, `${rest}/patient/${uuid}`);
    expect(stale).toMatchObject({ status: 401 });
    expect(stale.headers['www-authenticate']).toBeUndefined();
    expect(stale.headers['content-type']).toContain('application/problem+json');
    expect(problemOf(stale)).toMatchObject({ reason: 'ehr-session-ended' });
    const before = mrs.requests().length;
    for (const path of [sessionPath, `${fhir}/Patient/${uuid}`]) {
      expect(problemOf(await ask(client, path))).toMatchObject({ reason: 'ehr-session-ended' });
    }
    // The gateway itself may have said that the old session is over.
    expect(mrs.seenSince(before).filter(({ method }) => method !== 'DELETE')).toEqual([]);
    expect(mrs.logins()).toHaveLength(1);
    const page = await client.page(house.origin + home);
    expect(page).toMatchObject({ status: 200, url: house.origin + home });
    expect(mrs.logins()).toHaveLength(2);
    expect((await ask(client, `${rest}/patient/${uuid}`)).status).toBe(200);
  });

  test("the frontend's logout ends the gateway's session, and nobody is signed on again", async () => {
    const left = await ask(client, sessionPath, { method: 'DELETE', headers: { origin: house.origin } });
    expect(left.status).toBe(204);
    expect(mrs.sessions()).toEqual([]);
    expect(house.records('sign-out')).toMatchObject([{ subject: { name: 'nurse' }, detail: "by the EHR's own logout" }]);
    const logins = mrs.logins().length;
    expect(problemOf(await withoutTheEhrHearing(house, () => ask(client, sessionPath)))).toMatchObject({
      reason: 'sign-in-required',
    });
    expect(mrs.logins()).toHaveLength(logins);
  });

  test('signing out of the gateway logs out of OpenMRS', async () => {
    await client.form(`${house.origin}/.wardgate/sign-out`, {});
    await eventually(() => mrs.sessions().length === 0, 'the logout');
    expect(mrs.requests().at(-1)).toMatchObject({ method: 'DELETE', target: sessionPath });
  });

  test('a session of the gateway that has rested too long tells scripts so, and no challenge comes of it', async () => {
    house.clock.forward({ minutes: 46 });
    const before = mrs.requests().length;
    const reply = await ask(client, `${rest}/patient/${uuid}`);
    expect(reply.status).toBe(401);
    expect(reply.headers['www-authenticate']).toBeUndefined();
    await eventually(() => mrs.sessions().length === 0, 'the logout');
    expect(mrs.seenSince(before)).toMatchObject([{ method: 'DELETE', target: sessionPath }]);
  });

  test('asking who one is and what waits does not count as activity', async () => {
    for (let minutes = 0; minutes < 15; minutes += 5) {
      house.clock.forward({ minutes: 5 });
      await ask(client, sessionPath);
      await ask(client, `${rest}/queue-entry?v=full`);
    }
    house.clock.forward({ minutes: 1 });
    const before = mrs.requests().length;
    expect((await ask(client, sessionPath)).status).toBe(423);
    expect(mrs.seenSince(before).filter(({ method }) => method !== 'DELETE')).toEqual([]);
  });
});
