// The identity provider fails in each of its ways, over a gateway in a process of its own: who is signed in works on, who is not
// is told so by an answer that ends, and nobody gets in by an answer that cannot be believed.

import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { expectAccounted } from '../support/accounted.ts';
import { startBadProvider } from '../support/bad-provider.ts';
import { chaosProxy } from '../support/chaos-proxy.ts';
import type { ChaosProxy } from '../support/chaos-proxy.ts';
import { clinic } from '../support/clinic.ts';
import type { Clinic } from '../support/clinic.ts';
import { endCommands } from '../support/command.ts';
import { CookieClient } from '../support/cookie-client.ts';
import { eventually, records } from '../support/demo-story.ts';
import { enrol } from '../support/enrol.ts';
import type { Enrolled } from '../support/enrol.ts';
import { jumpingGateway } from '../support/jumping-gateway.ts';
import type { JumpingGateway } from '../support/jumping-gateway.ts';

type Provider = Awaited<ReturnType<typeof startBadProvider>>;

let provider: Provider;
let closeProvider: () => Promise<void>;
let behind = '';
let cable: ChaosProxy;
let place: Clinic;
let gateway: JumpingGateway;
let ada: Enrolled;

beforeAll(async () => {
  provider = await startBadProvider({}, (close) => (closeProvider = close));
  behind = provider.issuer;
  cable = await chaosProxy(Number(new URL(behind).port));
  provider.issuer = `http://127.0.0.1:${cable.port}`;
  // The EHR knows a nurse by this name.
  provider.claims = { groups: ['Clinic-Nurses'], preferred_username: 'nurse' };
  place = await clinic({
    signInLines: [
      `signIn: { provider: generic, issuer: "${provider.issuer}", clientId: wardgate, clientSecretFile: client-secret, takeOver: never }`,
      'secondFactor: { methods: [totp], enrolFrom: clinic }',
    ],
  });
  gateway = await jumpingGateway(place);
  ada = await enrol(place.origin, 'ada');
});
beforeEach(async () => {
  provider.mutation = {};
  cable.weather();
  await cable.accept();
});
afterAll(async () => {
  await endCommands();
  await cable.close();
  await closeProvider();
  await place.close();
});

/** Begins a sign-in, fetches the provider's word from behind the cable as a browser elsewhere can, and comes back with it. */
async function comeBack(between: () => unknown = () => undefined): Promise<{ status: number; url: string; text: string }> {
  const client = new CookieClient();
  const begun = await client.ask(`${place.origin}/.wardgate/sign-in?login_hint=ada&return=%2Fmain`);
  const given = await client.ask((begun.headers.location ?? '').replace(provider.issuer, behind));
  await between();
  return client.page(given.headers.location ?? '');
}

const worksOn = async (): Promise<number> => (await ada.client.ask(`${place.origin}/chart?pid=7`)).status;
const lastFailure = () => records(place).findLast(({ event }) => event === 'sign-in-failed');

const troubles: readonly (readonly [what: string, begin: () => unknown, status: number, words: string])[] = [
  ['is down', () => cable.refuse(), 503, 'The sign-in service does not answer'],
  ['never answers', () => cable.blackHole(), 503, 'The sign-in service does not answer'],
  [
    'answers 500',
    () => void (provider.mutation.raw = { '/token': (_request, response) => void response.writeHead(500).end() }),
    503,
    'The sign-in service does not answer',
  ],
  [
    'answers a page instead of a token',
    () =>
      void (provider.mutation.raw = {
        '/token': (_request, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Hi</html>'),
      }),
    502,
    'cannot be trusted',
  ],
];

test.each(troubles)(
  'one that %s: whoever comes back from it is told, and who is in works on',
  async (_what, begin, status, words) => {
    const told = await comeBack(begin);
    expect([told.status, told.text.includes(words)]).toEqual([status, true]);
    expect(await worksOn()).toBe(200);
    provider.mutation = {};
    cable.weather();
    await cable.accept();
    // A provider that gave no answer is left in peace for a moment.
    await eventually(async () => (await comeBack()).url.includes('/.wardgate/second-factor'), 'the next one to get in');
  },
);

test('one that is slow is waited for', async () => {
  const came = await comeBack(() => cable.weather({ delayMilliseconds: 400 }));
  expect(came.url).toContain('/.wardgate/second-factor');
});

test.each([
  ['ahead', 300, /issued in the future; compare the clocks/],
  ['behind', -600, /exp|expir/i],
])('one whose clock is %s signs nobody in, and the record says why', async (_where, seconds, because) => {
  provider.mutation.claims = (claims) => ({
    ...claims,
    iat: Number(claims['iat']) + seconds,
    exp: Number(claims['exp']) + seconds,
  });
  const before = lastFailure()?.['seq'];
  const told = await comeBack();
  expect(told.url).not.toContain('second-factor');
  expect(told.status).toBeGreaterThanOrEqual(400);
  const failed = await eventually(() => (lastFailure()?.['seq'] === before ? null : lastFailure()), 'the record');
  expect(failed['detail']).toMatch(because);
  expect(await worksOn()).toBe(200);
});

test('one that changes its keys is asked for them once, and then believed; a key that nobody has opens nothing', async () => {
  const next = await generateKeyPair('RS256', { extractable: true });
  const published = { ...(await exportJWK(next.publicKey)), kid: 'k2', use: 'sig', alg: 'RS256' };
  const signedBy = (kid: string, key: typeof next.privateKey) => async (token: string) =>
    new SignJWT(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>)
      .setProtectedHeader({ alg: 'RS256', kid })
      .sign(key);
  const asked = (): number => provider.asked.filter((path) => path === '/jwks').length;
  const before = asked();
  // They were asked for a moment ago, and nobody can have them asked for more than once a minute.
  await gateway.clockAhead({ seconds: 62 });
  provider.mutation = { jwks: () => [published], idToken: signedBy('k2', next.privateKey) };
  for (let round = 0; round < 3; round += 1) expect((await comeBack()).url).toContain('/.wardgate/second-factor');
  expect(asked() - before).toBe(1);
  const stranger = await generateKeyPair('RS256', { extractable: true });
  provider.mutation.idToken = signedBy('k3', stranger.privateKey);
  for (let round = 0; round < 5; round += 1) expect((await comeBack()).url).not.toContain('second-factor');
  expect(asked() - before).toBe(1);
  await gateway.clockAhead({ seconds: 0 });
});

test('nobody who was in is out, also after a crash while it is down; nothing reached the EHR but what is on record', async () => {
  await cable.refuse();
  await gateway.end('SIGKILL');
  gateway = await jumpingGateway(place);
  expect(await worksOn()).toBe(200);
  expect(records(place).filter(({ event }) => event === 'session-ended')).toEqual([]);
  await expectAccounted(place.ehr.requests(), place.auditDirectory);
});
