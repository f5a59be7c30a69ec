// The single-page frontend of OpenMRS 3 in a real browser: it finds itself signed on after one sign-in at the identity
// provider, opens a chart, and when the EHR's session ends no password box of the browser appears.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { findPatient } from '../../src/demo/ehr/patients.ts';
import { patientUuid } from '../../src/demo/openmrs/records.ts';
import { startOpenMrs } from '../../src/demo/openmrs/start-open-mrs.ts';
import type { OpenMrs } from '../../src/demo/openmrs/start-open-mrs.ts';
import { launch, visitor } from '../support/browser.ts';
import { codeAt } from '../support/clinic-story.ts';
import { eventually } from '../support/demo-story.ts';
import { requirement } from '../support/requirements.ts';
import { signOnClinic } from '../support/sign-on-clinic.ts';
import type { SignOnClinic } from '../support/sign-on-clinic.ts';

const chromium = requirement('chromium');
const home = '/openmrs/spa/home';
const rules = `rules:
  - { name: screens, area: [ehr.shell], allow: everyone }
  - { name: desk, area: [ehr.search, ehr.demographics, ehr.schedule], allow: [physician, nurse] }
  - { name: charts, area: [ehr.chart, ehr.documents], allow: [physician, nurse] }
`;

chromium.describe('the frontend of OpenMRS 3', () => {
  let browser: Browser;
  let mrs: OpenMrs;
  let house: SignOnClinic;

  beforeAll(async () => {
    browser = await launch(chromium.path ?? '');
    mrs = await startOpenMrs({ pollSeconds: 0.2 });
    house = await signOnClinic({ ehr: mrs.origin, applicationLines: ['preset: openmrs-3', 'signOn: own-password'], rules });
  });
  afterAll(async () => {
    await browser.close();
    await house.close();
    await mrs.close();
  });

  async function signedIn(name: string, path: string) {
    const person = await visitor(browser);
    await person.page.goto(`${house.origin}/.wardgate/sign-in?login_hint=${name}&return=${encodeURIComponent(path)}`);
    await person.page.fill('input[name=code]', codeAt(house.place, name, house.clock));
    await person.page.click('button[type=submit]');
    return person;
  }

  async function enter(page: Page, name: string): Promise<void> {
    await page.waitForURL('**/.wardgate/credential?**');
    await page.fill('#username', name);
    await page.fill('#password', `meadow-${name}`);
    await page.click('form:has(#password) button');
  }

  describe('after one sign-in', () => {
    test('knows who is there, opens a chart, and the browser holds none of its sessions', async () => {
      const { page, context, complaints } = await signedIn('physician', home);
      await enter(page, 'physician');
      await page.waitForURL(house.origin + home);
      await page.getByText('Welcome Dr. Paula Examplar').waitFor();
      const { givenName, familyName } = findPatient(7)!;
      await page.goto(`${house.origin}/openmrs/spa/patient/${patientUuid(7)}/chart`);
      await page.getByText(`${givenName} ${familyName}`).waitFor();
      expect((await context.cookies()).map(({ name }) => name)).not.toContain('JSESSIONID');
      expect(await page.evaluate('document.cookie')).toBe('');
      expect(complaints).toEqual([]);
      expect(mrs.logins()).toMatchObject([{ user: 'physician', result: 'success' }]);
      const [opened] = await eventually(() => {
        const records = house.records('chart-opened');
        return records.length > 0 && records;
      }, 'the record');
      expect(opened).toMatchObject({ patient: patientUuid(7), subject: { name: 'physician' } });
      await context.close();
    });

    test('goes on by itself when the session there has ended, and nobody is asked for a password', async () => {
      const { page, context, complaints } = await signedIn('nurse', home);
      await enter(page, 'nurse');
      await page.getByText('Welcome Noah Madeup').waitFor();
      const challenges: string[] = [];
      page.on('response', (reply) => {
        if (reply.headers()['www-authenticate'] !== undefined) challenges.push(reply.url());
      });
      const logins = mrs.logins().length;
      mrs.expireSessions();
      // Its next question is answered 401, it goes to its login page, and that is signed on on the way there.
      await page.waitForURL('**/openmrs/spa/login');
      await page.getByText('Welcome Noah Madeup').waitFor();
      expect(mrs.logins().slice(logins)).toMatchObject([{ user: 'nurse', result: 'success' }]);
      expect(challenges).toEqual([]);
      expect(complaints).toEqual([]);
      await context.close();
    });

    test('its logout leads out of the gateway', async () => {
      house.clock.forward({ seconds: 31 });
      const { page, context } = await signedIn('nurse', home);
      await page.getByText('Welcome Noah Madeup').waitFor();
      const held = mrs.sessions().length;
      await page.evaluate("fetch('/openmrs/ws/rest/v1/session', { method: 'DELETE' })");
      // In a tab of its own: the first one hears of the end from its poller and is on its way already.
      const again = await context.newPage();
      await again.goto(house.origin + home);
      expect(new URL(again.url()).pathname).not.toContain('/openmrs');
      expect(mrs.sessions()).toHaveLength(held - 1);
      await context.close();
    });
  });
});
