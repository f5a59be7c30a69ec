// The story: a security officer was blocked after an alert about them. Every page of the console refused them, but the overview that
// stood open in a tab went on: what its script asks for again and again is answered before the stage that holds people, so they
// could watch the clinic for twelve hours more, and the alerts about themselves. And whoever lifted the block and gave "MRN 4711, my
// patient" as the reason put that id on record.

import { afterEach, expect, test } from 'vitest';
import type { Demo } from '../../src/cli/start-demo.ts';
import { arrive, recordsOf, roleLines, script } from '../support/clinic-story.ts';
import { CookieClient } from '../support/cookie-client.ts';
import { eventually, linesOf, story } from '../support/demo-story.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

const rules = `${roleLines}
rules:
  - { name: console, area: wardgate.console, allow: [privacy, it] }
  - { name: screens, paths: [/main], allow: everyone }
`;
const responses = '/.wardgate/console/review/responses';

let demo: Demo;
afterEach(async () => demo.close());

test.each(['block', 'step-up'])(
  'a look ends with "%s", and no id is on record that somebody gave as a reason',
  async (response) => {
    const clock = new ShiftingClock();
    const alerts = `detectors: { after-hours: off, failed-sign-ins: { attempts: 2, response: ${response} } }\n`;
    demo = await story({ rules, clock, alerts });
    const url = (path: string): string => demo.origin + path;
    const officer = await arrive(demo, 'security', clock, new CookieClient(), '/main');
    const page = await officer.page(url('/.wardgate/console/overview'));
    const live = url(`/.wardgate/console/overview/live?look=${/overview\/live\?look=([\w-]+)/.exec(page.text)?.[1] ?? ''}`);
    expect((await script(officer, live)).status).toBe(200);

    const stranger = new CookieClient();
    const challenge = await stranger.page(url('/.wardgate/sign-in?login_hint=security&return=/main'));
    for (let tries = 0; tries < 2; tries += 1) await stranger.form(challenge.url, { code: '000000' });
    await eventually(() => recordsOf(demo, 'response').some(({ reason }) => reason === response), 'what followed');
    expect((await script(officer, live)).status).toBe(403);

    clock.forward({ seconds: 31 });
    const it = await arrive(demo, 'it', clock, new CookieClient(), '/main');
    const [, alert = ''] = /name="lift" value="(\d+)"/.exec((await it.page(url(responses))).text) ?? [];
    await it.form(url(responses), { lift: alert, kind: response, because: 'had to see MRN 4711' });
    const lifted = linesOf(demo).find((line) => line.includes('"event":"response-lifted"'));
    expect(lifted).toContain('because: had to see MRN ');
    expect(lifted).not.toContain('4711');
    expect((await script(officer, live)).status).toBe(200);
  },
);
