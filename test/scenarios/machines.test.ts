// Machines by token: a billing job signs in with every request by its address and its token, may what a rule names it for
// and nothing else, and stands in the records under its own name. Whatever is not exactly right reaches no EHR.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { eventually } from '../support/demo-story.ts';
import { bearer, machineClinic, newToken } from '../support/machine-clinic.ts';
import type { Asking, MachineClinic, Told } from '../support/machine-clinic.ts';

const billing = newToken();
const elsewhere = newToken();
const narrow = newToken();
const stranger = newToken();

const rules = `
roles: { nurse: Clinic-Nurses, billing: Clinic-Billing }
rules:
  - { name: fhir, paths: ['/fhir/Patient/{patient}'], methods: [GET, POST], allow: nurse, machines: [billing, elsewhere], patient: path.patient }
  - { name: streams, paths: [/slow, /socket], allow: nobody, machines: billing, webSocket: true }
  - { name: by-role, paths: [/claims], allow: billing }
  - { name: carried, paths: [/chart], allow: nobody, machines: billing, patient: session }
  - { name: files, paths: [/files/**], allow: everyone, machines: billing, download: always }
  - { name: shell, paths: [/**], allow: everyone }
machineDownloads:
  billing: { files: 2/hour }
`;

const machines = [
  'billing: { from: 127.0.0.1, tokenHashFile: billing.hash }',
  'elsewhere: { from: 10.9.9.9, tokenHashFile: elsewhere.hash }',
  'narrow: { from: clinic, tokenHashFile: narrow.hash, applications: ehr }',
];

let it: MachineClinic;

/** The record of this answer: it is written after the answer has left. */
function refusalOf({ body }: Told): Promise<Record<string, unknown>> {
  const { requestId } = JSON.parse(body) as { requestId: string };
  return eventually(() => it.records().find((one) => one['request'] === requestId), 'the record');
}

beforeAll(async () => {
  const files = { 'billing.hash': billing.hash, 'elsewhere.hash': elsewhere.hash, 'narrow.hash': narrow.hash };
  it = await machineClinic({
    rules,
    machines,
    files,
    applicationLines: ['signOn: { header: X-Remote-User }', 'sessionCookie: EHRSESSION'],
  });
});
afterAll(async () => it.close());
beforeEach(() => void it.seen.splice(0));

describe('what a machine may', () => {
  test('it asks by Bearer, is named to the EHR and recorded as a machine; its token goes nowhere', async () => {
    const told = await it.ask({ headers: { ...bearer(billing.token), cookie: 'theme=dark' } });
    expect(told).toMatchObject({ status: 200, body: '{"ok":true}' });
    expect(it.seen).toMatchObject([{ target: '/fhir/Patient/7', headers: { 'x-remote-user': 'billing' } }]);
    expect(JSON.stringify(it.seen)).not.toContain(billing.token);
    const outcome = await eventually(() => it.last('outcome'), 'the outcome');
    expect(outcome).toMatchObject({
      subject: { machine: 'billing' },
      factor: 'token',
      rule: 'fhir',
      decision: 'allowed',
      patient: '7',
    });
    expect(outcome).not.toHaveProperty('session');
    expect(outcome).not.toHaveProperty('roles');
    expect(JSON.stringify(it.records())).not.toContain(billing.token);
  });

  test('it asks by Basic with its name, and changes something without an Origin', async () => {
    const authorization = `Basic ${Buffer.from(`billing:${billing.token}`).toString('base64')}`;
    const told = await it.ask({
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: '{"a":1}',
    });
    expect(told.status).toBe(200);
    expect(it.seen).toMatchObject([{ body: '{"a":1}' }]);
  });

  test('it opens a live connection, which it holds as long as the rules name it', async () => {
    const socket = new WebSocket(`${it.place.origin.replace('http', 'ws')}/socket`, { headers: bearer(billing.token) });
    const codes: number[] = [];
    socket.on('close', (code) => void codes.push(code)).on('error', () => undefined);
    await eventually(() => it.sockets.clients.size > 0, 'the connection');
    const slow = it.ask({ path: '/slow', headers: bearer(billing.token) });
    await eventually(() => it.seen.some(({ target }) => target === '/slow'), 'the stream');
    writeFileSync(join(it.place.directory, 'rules.yaml'), rules.replace('machines: billing, webSocket', 'webSocket'));
    await it.gateway.reload();
    await it.gateway.composed.sweep();
    await eventually(() => codes.length > 0, 'the close');
    expect(codes).toEqual([4403]);
    await slow;
    const ended = await eventually(() => it.records().find((one) => one['reason'] === 'permit-ended'), 'the record');
    expect(ended).toMatchObject({ subject: { machine: 'billing' }, rule: 'streams' });
    writeFileSync(join(it.place.directory, 'rules.yaml'), rules);
    await it.gateway.reload();
  });

  test('it has a budget of its own, and is not asked for a reason', async () => {
    const one = (path: string) => it.ask({ path, headers: bearer(billing.token) });
    expect([(await one('/files/1')).status, (await one('/files/2')).status]).toEqual([200, 200]);
    const third = await one('/files/3');
    expect(third.status).toBe(429);
    expect(JSON.parse(third.body)).toMatchObject({ reason: 'budget-exhausted' });
    expect(JSON.parse(third.body)).not.toHaveProperty('remedy');
  });
});

describe('what it may not', () => {
  test.each<readonly [what: string, asking: Asking, status: number, reason: string, recorded: string | RegExp]>([
    ['what everyone may', { path: '/anything', headers: bearer(billing.token) }, 403, 'machine-not-permitted', /shell/],
    ['what a role of its name may', { path: '/claims', headers: bearer(billing.token) }, 403, 'machine-not-permitted', /by-role/],
    ['the console', { path: '/.wardgate/console', headers: bearer(billing.token) }, 403, 'machine-not-permitted', /for people/],
    ['our own pages', { path: '/.wardgate/me', headers: bearer(billing.token) }, 403, 'machine-not-permitted', /for people/],
    ['a patient that is carried', { path: '/chart', headers: bearer(billing.token) }, 400, 'patient-ambiguous', /must name/],
    ['what no rule names it for', { headers: bearer(narrow.token) }, 403, 'machine-not-permitted', /machine narrow/],
  ])('%s', async (_, { path = '/fhir/Patient/7', headers = {} }, status, reason, recorded) => {
    const told = await it.ask({ path, headers: { ...headers, accept: 'text/html', 'sec-fetch-mode': 'navigate' } });
    expect(told.status).toBe(status);
    expect(told.headers['content-type']).toBe('application/problem+json');
    expect(JSON.parse(told.body)).toMatchObject({ reason });
    expect(it.seen).toEqual([]);
    const refusal = await refusalOf(told);
    expect(refusal).toMatchObject({ reason, subject: { machine: path.includes('Patient') ? 'narrow' : 'billing' } });
    expect(refusal['detail']).toMatch(recorded);
  });
});

describe('attacks', () => {
  test.each<readonly [what: string, headers: Readonly<Record<string, string>>, recorded: string | RegExp]>([
    ['a token nobody has', bearer(stranger.token), 'No machine has this token'],
    ['a token from another address', bearer(elsewhere.token), 'Machine "elsewhere" may not come from this address'],
    [
      'another address that is only claimed',
      { ...bearer(elsewhere.token), 'x-forwarded-for': '10.9.9.9', 'x-real-ip': '10.9.9.9', forwarded: 'for=10.9.9.9' },
      'Machine "elsewhere" may not come from this address',
    ],
    [
      'a token under the name of another machine',
      { authorization: `Basic ${Buffer.from(`elsewhere:${billing.token}`).toString('base64')}` },
      'The token of machine "billing" came with another name',
    ],
  ])('%s is told no more than that', async (_, headers, recorded) => {
    const told = await it.ask({ headers });
    expect(told.status).toBe(401);
    expect(told.headers['www-authenticate']).toBe('Bearer');
    expect(JSON.parse(told.body)).toMatchObject({
      reason: 'machine-unknown',
      detail: 'No machine with these credentials may come from this address',
    });
    expect(it.seen).toEqual([]);
    const refusal = await refusalOf(told);
    expect(refusal).toMatchObject({ reason: 'machine-unknown', detail: recorded });
    expect(refusal).not.toHaveProperty('subject');
  });

  test.each([
    ['the hash in the place of the token', bearer(billing.hash)],
    ['the name alone', { authorization: `Basic ${Buffer.from('billing:').toString('base64')}` }],
    ['headers that name it', { 'x-remote-user': 'billing', 'x-wardgate-user': 'billing', 'x-client-cert': billing.hash }],
    ['the token in another header', { 'x-api-key': billing.token }],
  ])('%s makes nobody a machine', async (_, headers) => {
    const told = await it.ask({ headers });
    expect(JSON.parse(told.body)).toMatchObject({ status: 401, reason: 'sign-in-required' });
    expect(it.seen).toEqual([]);
  });

  test.each([
    ['its own session', billing.token],
    ['a token that is none', stranger.token],
  ])('a person with %s beside a token is nobody', async (_, token) => {
    const cookie = await it.cookieFor('nurse');
    expect((await it.ask({ headers: { cookie } })).status).toBe(200);
    it.seen.splice(0);
    const told = await it.ask({ headers: { cookie, ...bearer(token) } });
    expect(JSON.parse(told.body)).toMatchObject({ status: 400, reason: 'caller-ambiguous' });
    expect(it.seen).toEqual([]);
  });

  test('a person whose page sends a token of the EHR is a person as before', async () => {
    const cookie = await it.cookieFor('nurse');
    const told = await it.ask({ headers: { cookie, authorization: 'Bearer eyJhbGciOiJub25lIn0.e30.' } });
    expect(told.status).toBe(200);
    expect(it.seen[0]?.headers).not.toHaveProperty('authorization');
  });

  test('whoever guesses on and on is told to wait; the right token is let in all the same', async () => {
    let told = await it.ask({ headers: bearer(newToken().token) });
    for (let i = 0; i < 12; i += 1) told = await it.ask({ headers: bearer(newToken().token) });
    expect(JSON.parse(told.body)).toMatchObject({ status: 429, reason: 'too-many-attempts' });
    expect(Number(told.headers['retry-after'])).toBeGreaterThan(0);
    expect((await it.ask({ headers: bearer(billing.token) })).status).toBe(200);
  });
});

test('a machine that gateway.yaml names no longer is a stranger at once, and loses what runs', async () => {
  const socket = new WebSocket(`${it.place.origin.replace('http', 'ws')}/socket`, { headers: bearer(billing.token) });
  const codes: number[] = [];
  socket.on('close', (code) => void codes.push(code)).on('error', () => undefined);
  await eventually(() => it.seen.some(({ target }) => target === '/socket'), 'the connection');
  writeFileSync(join(it.place.directory, 'billing.hash'), newToken().hash);
  await it.gateway.reload();
  expect(JSON.parse((await it.ask({ headers: bearer(billing.token) })).body)).toMatchObject({
    title: expect.stringMatching(/not recognised|attempts/),
  });
  await it.gateway.composed.sweep();
  await eventually(() => codes.length > 0, 'the close');
  expect(codes).toEqual([4403]);
});
