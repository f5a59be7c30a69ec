// A real archive of images that people sign on to with passwords of their own, or with an account for their role: a password
// is tried before it is kept, and one that the archive refuses is tried no more; its challenge reaches no browser.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { problemOf, script } from '../support/clinic-story.ts';
import { CookieClient } from '../support/cookie-client.ts';
import type { Reply } from '../support/cookie-client.ts';
import { startOrthanc } from '../support/orthanc.ts';
import type { Orthanc } from '../support/orthanc.ts';
import { requirement } from '../support/requirements.ts';
import { enterPassword, signOnClinic, withoutTheEhrHearing } from '../support/sign-on-clinic.ts';
import type { SignOnClinic } from '../support/sign-on-clinic.ts';

const needed = requirement('orthanc');
const rules = `rules:
  - { name: images, area: ehr.view, allow: [physician, nurse, records, it] }
  - { name: deletions, area: ehr.delete, allow: it }
`;
const users = { noah: 'w4rd:pass', paula: 'd0ctor' };

let orthanc: Orthanc;
let house: SignOnClinic;

async function open(applicationLines: readonly string[]): Promise<void> {
  orthanc = await startOrthanc(needed.path ?? '', { users });
  house = await signOnClinic({ ehr: orthanc.origin, applicationLines, rules });
}

async function close(): Promise<void> {
  await house.close();
  await orthanc.close();
}

/** Another Orthanc in its place, which knows these people. */
async function restart(others: Readonly<Record<string, string>>): Promise<void> {
  const { port } = orthanc;
  await orthanc.close();
  orthanc = await startOrthanc(needed.path ?? '', { port, users: others });
}

const ask = (client: CookieClient, path: string): Promise<Reply> => script(client, house.origin + path);
const basicSent = (): string[] =>
  [...house.relay.take().matchAll(/^authorization: Basic (\S+)/gim)].map((one) => Buffer.from(one[1] ?? '', 'base64').toString());

needed.describe('Orthanc with passwords of its own', () => {
  describe('of each person', () => {
    beforeEach(async () => open(['preset: orthanc', 'signOn: own-password']));
    afterEach(async () => close());

    test('asks once, tries before it keeps, and sends it with each request from then on', async () => {
      const client = await withoutTheEhrHearing(house, () => house.person('nurse', '/patients'));
      expect(problemOf(await withoutTheEhrHearing(house, () => ask(client, '/patients')))).toMatchObject({
        reason: 'ehr-credential-required',
      });
      const arrived = await enterPassword(house, client, 'noah', users.noah, '/patients');
      expect(arrived).toMatchObject({ status: 200, url: `${house.origin}/patients` });
      expect(JSON.parse(arrived.text)).toHaveLength(2);
      expect(basicSent()).toEqual([`noah:${users.noah}`, `noah:${users.noah}`]);
      expect(house.records('credential-stored')).toMatchObject([{ subject: { name: 'nurse' } }]);
      expect(house.written()).not.toContain(users.noah);
      expect(house.written()).not.toContain(Buffer.from(`noah:${users.noah}`).toString('base64'));
    });

    test('a wrong one is refused, and nothing is kept', async () => {
      const client = await house.person('nurse', '/patients');
      const told = await enterPassword(house, client, 'noah', 'not-the-password', '/patients');
      expect(told.status).toBe(403);
      expect(told.headers['www-authenticate']).toBeUndefined();
      expect(told.text).toContain('The EHR did not accept this name and password');
      expect(basicSent()).toEqual(['noah:not-the-password']);
      await withoutTheEhrHearing(house, async () => {
        expect((await client.page(`${house.origin}/patients`)).url).toContain('/.wardgate/credential');
        expect(problemOf(await ask(client, '/patients'))).toMatchObject({ reason: 'ehr-credential-required' });
      });
      expect(house.records('credential-stored')).toEqual([]);
    });

    test('one that was changed at Orthanc is tried once, then the person is asked, and no browser sees a challenge', async () => {
      const client = await house.person('nurse', '/patients');
      await enterPassword(house, client, 'noah', users.noah, '/patients');
      await restart({ ...users, noah: 'another' });
      house.relay.take();
      const first = await ask(client, '/patients');
      expect(first.status).toBe(403);
      expect(first.rawHeaders.join('\n').toLowerCase()).not.toContain('www-authenticate');
      expect(problemOf(first)).toMatchObject({ reason: 'ehr-credential-refused' });
      expect(basicSent()).toEqual([`noah:${users.noah}`]);
      await withoutTheEhrHearing(house, async () => {
        expect(problemOf(await ask(client, '/patients'))).toMatchObject({ reason: 'ehr-credential-refused' });
        const page = await client.page(`${house.origin}/patients`);
        expect(page.status).toBe(403);
        expect(page.headers['www-authenticate']).toBeUndefined();
        expect(page.text).toContain('Enter the new password');
      });
      const arrived = await enterPassword(house, client, 'noah', 'another', '/patients');
      expect(arrived).toMatchObject({ status: 200, url: `${house.origin}/patients` });
    });

    test('a screen full of requests with a refused password pauses nobody else', async () => {
      const nurse = await house.person('nurse', '/patients');
      await enterPassword(house, nurse, 'noah', users.noah, '/patients');
      const physician = await house.person('physician', '/patients');
      await enterPassword(house, physician, 'paula', users.paula, '/patients');
      await restart({ ...users, noah: 'another' });
      const paths = [
        '/patients',
        '/studies',
        '/series',
        '/instances',
        '/statistics',
        '/system',
        '/plugins',
        '/dicom-web/servers',
      ];
      const replies = await Promise.all(paths.map((path) => ask(nurse, path)));
      for (const reply of replies) {
        expect(problemOf(reply)).toMatchObject({ status: 403, reason: 'ehr-credential-refused' });
        expect(reply.headers['www-authenticate']).toBeUndefined();
      }
      expect((await withoutTheEhrHearing(house, () => ask(nurse, '/patients'))).status).toBe(403);
      expect((await ask(physician, '/patients')).status).toBe(200);
      const it = await house.person('it', '/patients');
      expect((await enterPassword(house, it, 'noah', 'guessed', '/patients')).status).toBe(403);
      house.clock.forward({ minutes: 1 });
      expect((await enterPassword(house, nurse, 'noah', 'another', '/patients')).status).toBe(200);
    });

    test('an Orthanc that is down is no reason to keep a password or to refuse one', async () => {
      const client = await house.person('nurse', '/patients');
      const { port } = orthanc;
      await orthanc.close();
      const told = await enterPassword(house, client, 'noah', users.noah, '/patients');
      expect(told.status).toBeGreaterThanOrEqual(500);
      expect(house.records('credential-stored')).toEqual([]);
      orthanc = await startOrthanc(needed.path ?? '', { port, users });
      expect((await enterPassword(house, client, 'noah', users.noah, '/patients')).status).toBe(200);
    });
  });

  describe('with an account for each role', () => {
    beforeAll(async () => {
      process.env['WARD'] = users.noah;
      process.env['DOCTOR'] = users.paula;
      const roles = '{ physician: { account: paula, passwordEnv: DOCTOR }, nurse: { account: noah, passwordEnv: WARD } }';
      await open(['preset: orthanc', `signOn: { roles: ${roles} }`]);
    });
    afterAll(async () => {
      delete process.env['WARD'];
      delete process.env['DOCTOR'];
      await close();
    });

    test('each role has its own, and who has none of them reaches nothing', async () => {
      const physician = await house.person('physician', '/patients');
      const nurse = await house.person('nurse', '/patients');
      house.relay.take();
      expect((await ask(physician, '/patients')).status).toBe(200);
      expect(basicSent()).toEqual([`paula:${users.paula}`]);
      expect((await ask(nurse, '/patients')).status).toBe(200);
      expect(basicSent()).toEqual([`noah:${users.noah}`]);
      const it = await withoutTheEhrHearing(house, () => house.person('it', '/patients'));
      const told = await withoutTheEhrHearing(house, () => ask(it, '/patients'));
      expect(problemOf(told)).toMatchObject({ status: 403, reason: 'ehr-account-missing' });
    });

    test('nobody is asked for a password, and one that is sent to the page for it is not even tried', async () => {
      const records = await house.person('records', '/patients');
      const told = await withoutTheEhrHearing(house, () => enterPassword(house, records, 'noah', users.noah));
      expect(told.status).toBe(404);
    });

    test('what a browser says about itself in Basic does not count, nor does it reach Orthanc', async () => {
      const nurse = new CookieClient();
      house.clock.forward({ seconds: 31 });
      await house.person('nurse', '/patients', nurse);
      house.relay.take();
      const authorization = `Basic ${Buffer.from(`paula:${users.paula}`).toString('base64')}`;
      expect((await script(nurse, `${house.origin}/patients`, { headers: { authorization } })).status).toBe(200);
      expect(basicSent()).toEqual([`noah:${users.noah}`]);
    });
  });
});
