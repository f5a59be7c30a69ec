// A page behind a servlet container's own login, in a real browser: it opens after one sign-in at the identity provider,
// and the browser never holds the container's session, not even where the container writes it into its addresses.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser } from 'playwright-core';
import { codeAt } from '../support/clinic-story.ts';
import { launch, visitor } from '../support/browser.ts';
import { requirement } from '../support/requirements.ts';
import { signOnClinic } from '../support/sign-on-clinic.ts';
import type { SignOnClinic } from '../support/sign-on-clinic.ts';
import { startTomcat, tomcatAccount } from '../support/tomcat.ts';
import type { Tomcat } from '../support/tomcat.ts';
import { securedPage } from '../support/tomcat-ways.ts';

const chromium = requirement('chromium');
const tomcat = requirement('tomcat');
const both = chromium.available ? tomcat : chromium;

const sessionPage = '/examples/servlets/servlet/SessionExample';
const rules = `rules:
  - { name: live, paths: ["/examples/websocket/**"], allow: everyone, webSocket: true }
  - { name: screens, area: ehr.shell, allow: everyone }
  - { name: pages, area: ehr.pages, allow: everyone }
`;

both.describe('Tomcat in a browser', () => {
  let browser: Browser;
  let ehr: Tomcat;
  let signing: SignOnClinic;
  let none: SignOnClinic;

  beforeAll(async () => {
    browser = await launch(chromium.path ?? '');
    ehr = await startTomcat(tomcat.path ?? '');
    const lines = ['preset: tomcat-form', 'root: /examples'];
    const entry = `signOnValues: { entry: ${securedPage} }`;
    signing = await signOnClinic({ ehr: ehr.origin, rules, applicationLines: [...lines, entry, 'signOn: own-password'] });
    none = await signOnClinic({
      ehr: ehr.origin,
      rules,
      applicationLines: [...lines, 'signOn: none', 'cookies: { jar: JSESSIONID }'],
    });
  });
  afterAll(async () => {
    await browser.close();
    await signing.close();
    await none.close();
    await ehr.close();
  });

  /** A person who has signed in at the identity provider and goes where they wanted to, wherever that leads. */
  async function signedIn(house: SignOnClinic, name: string, path: string) {
    const person = await visitor(browser);
    const { page } = person;
    await page.goto(`${house.origin}/.wardgate/sign-in?login_hint=${name}&return=${encodeURIComponent(path)}`);
    await page.fill('input[name=code]', codeAt(house.place, name, house.clock));
    await page.click('button[type=submit]');
    // The provider of the story lives on another port of the same machine, and cookies know no ports.
    const cookies = async (): Promise<string[]> =>
      (await person.context.cookies())
        .map((one) => one.name)
        .filter((one) => !one.startsWith('_'))
        .sort();
    return { ...person, cookies };
  }

  test('the protected page opens: with the password once, and from then on by signing in alone', async () => {
    const first = await signedIn(signing, 'nurse', securedPage);
    await first.page.waitForURL('**/.wardgate/credential?**');
    await first.page.fill('#username', tomcatAccount.name);
    await first.page.fill('#password', tomcatAccount.password);
    await first.page.click('form:has(#password) button');
    await first.page.waitForURL(signing.origin + securedPage);
    await first.page.getByText('You are logged in as remote user').waitFor();
    expect(await first.cookies()).toEqual(['wardgate', 'wardgate-browser']);
    expect(first.complaints).toEqual([]);
    await first.context.close();

    signing.clock.forward({ seconds: 31 });
    const next = await signedIn(signing, 'nurse', securedPage);
    await next.page.waitForURL(signing.origin + securedPage);
    await next.page.getByText('You are logged in as remote user').waitFor();
    // The page's own forms and links work: what is put into the session there is there on the next page.
    await next.page.fill('input[name=dataName]', 'chart');
    await next.page.fill('input[name=dataValue]', 'opened');
    await next.page.click('form:has(input[name=dataName]) input[type=submit]');
    await next.page.getByText('opened', { exact: true }).waitFor();
    await next.page.goto(`${signing.origin}${sessionPage}`);
    await next.page.getByText('chart = opened').waitFor();
    expect(await next.page.content()).not.toContain(';jsessionid=');
    expect(await next.cookies()).toEqual(['wardgate', 'wardgate-browser']);
    // A session id that a script sets is the browser's own business.
    await next.page.evaluate("document.cookie = 'JSESSIONID=FOREIGN; path=/'");
    await next.page.goto(`${signing.origin}${sessionPage}`);
    await next.page.getByText('chart = opened').waitFor();
    expect(next.complaints).toEqual([]);
    await next.context.close();
  });

  test('a live connection of a page talks', async () => {
    const { page, context } = await signedIn(none, 'physician', '/examples/websocket/echo.xhtml');
    await page.waitForURL('**/websocket/echo.xhtml');
    const heard = await page.evaluate(`new Promise((resolve, reject) => {
      const socket = new WebSocket(location.origin.replace('http', 'ws') + '/examples/websocket/echoProgrammatic');
      socket.onopen = () => socket.send('from the browser');
      socket.onmessage = ({ data }) => resolve(data);
      socket.onerror = () => reject(new Error('The connection failed'));
    })`);
    expect(heard).toBe('from the browser');
    await context.close();
  });

  test('addresses with the session in them work on the first visit, and the browser holds no session', async () => {
    const { page, context, cookies } = await signedIn(none, 'nurse', sessionPage);
    await page.waitForURL(none.origin + sessionPage);
    expect(await page.content()).toContain('SessionExample;jsessionid=');
    await page.locator('input[name=dataname]').first().fill('chart');
    await page.locator('input[name=datavalue]').first().fill('first contact');
    await page.locator('form input[type=submit]').first().click();
    await page.getByText('chart = first contact').waitFor();
    expect(new URL(page.url()).pathname).toContain(';jsessionid=');
    expect(await page.content()).not.toContain(';jsessionid=');
    expect(await cookies()).toEqual(['wardgate', 'wardgate-browser']);
    await context.close();
  });
});
