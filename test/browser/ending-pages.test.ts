// The page that ends somebody's access and the page of texts to acknowledge, in a real browser: by the keyboard, and axe-core finds
// nothing against WCAG 2.2 A and AA, light and dark, wide and narrow, in both languages.

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser } from 'playwright-core';
import type { Demo } from '../../src/cli/start-demo.ts';
import { barriersOn } from '../support/accessibility.ts';
import { launch } from '../support/browser.ts';
import { enterAt } from '../support/by-keyboard.ts';
import { recordsOf } from '../support/clinic-story.ts';
import { story } from '../support/demo-story.ts';
import { requirement } from '../support/requirements.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

const chromium = requirement('chromium');

const clock = new ShiftingClock();
const where = '/.wardgate/console/people/end';
let demo: Demo;
let browser: Browser;
const text = `# Whom it concerns

Everybody who opens charts here. ${'Opening a chart without need is looked into. '.repeat(12)}

# What follows

- A talk with the privacy officer
- A warning, in writing, with a name so long that it must break: ${'x'.repeat(60)}
${'\nAnother paragraph that makes the text longer than its place.\n'.repeat(12)}`;

chromium.describe('ending and acknowledging', () => {
  beforeAll(async () => {
    browser = await launch(chromium.path ?? '');
    const directory = mkdtempSync(join(tmpdir(), 'wardgate-texts-'));
    writeFileSync(join(directory, 'policy.md'), text);
    demo = await story({
      clock,
      gatewayLines: [
        'acknowledge:',
        `  - { id: policy, title: Sanction policy, file: ${join(directory, 'policy.md')}, version: "2026-11", roles: [nurse, front-desk], postpone: { times: 2 } }`,
      ],
    });
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await demo.close();
  });

  test('a text is read, ticked and acknowledged with the keyboard, and the EHR opens', { timeout: 120_000 }, async () => {
    const { page, context } = await enterAt({ browser, demo, clock }, 'nurse', '/main', '/.wardgate/acknowledge');
    expect(await barriersOn(page, 'acknowledge')).toEqual([]);
    await page.click('button[value=acknowledge]');
    await page.getByRole('alert').getByText('Tick the box').waitFor();
    expect(await barriersOn(page, 'acknowledge-untouched')).toEqual([]);
    await page.focus('input[name=read]');
    await page.keyboard.press('Space');
    await page.keyboard.press('Tab');
    await Promise.all([page.waitForURL(`${demo.origin}/main`), page.keyboard.press('Enter')]);
    expect(recordsOf(demo, 'acknowledged')).toHaveLength(1);
    await context.close();
  });

  test('in Spanish, with an emergency access beside it, and put off', { timeout: 120_000 }, async () => {
    const { page, context } = await enterAt({ browser, demo, clock }, 'front-desk', '/main', '/.wardgate/acknowledge');
    await page.setExtraHTTPHeaders({ 'accept-language': 'es' });
    await page.reload();
    await page.getByText('Confirmar y continuar').waitFor();
    expect(await barriersOn(page, 'acknowledge-es')).toEqual([]);
    expect(await page.getByText('Acceso de emergencia').count()).toBe(1);
    await Promise.all([page.waitForURL(`${demo.origin}/main`), page.click('button[value=later]')]);
    await context.close();
  });

  test('the page that ends access: looked up, shown, ended', { timeout: 120_000 }, async () => {
    const { issuer } = demo.provider;
    const { people } = demo.gateway.composed.state;
    for (const sub of ['sam-1', 'sam-2'])
      await people.seen({ issuer, sub, name: 'sam', displayName: `Sam of ${sub}` }, clock.now());
    const { page, context } = await enterAt({ browser, demo, clock }, 'security', where);
    expect(await barriersOn(page, 'end-empty')).toEqual([]);
    await page.fill('#person', 'sam');
    await page.keyboard.press('Enter');
    await page.getByText('nobody was touched').waitFor();
    expect(await barriersOn(page, 'end-candidates')).toEqual([]);
    await page.getByRole('link', { name: 'This one' }).first().click();
    await page.getByText('Name at the identity provider').waitFor();
    expect(await barriersOn(page, 'end-person')).toEqual([]);
    await page.fill('#because', 'contract ended');
    await page.getByRole('button', { name: 'End all access now' }).click();
    await page.getByText('Access has ended.').waitFor();
    expect(await barriersOn(page, 'end-ended')).toEqual([]);
    expect(recordsOf(demo, 'offboarded')).toMatchObject([{ subject: { sub: 'sam-1' } }]);
    await context.close();
  });
});
