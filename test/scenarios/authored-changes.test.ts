// Every change of the rules and of gateway.yaml has an author, or says loudly that it has none: applied with a reason, edited
// by hand under the running gateway and while it is stopped, claimed afterwards, compared, and read by the privacy officer.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { apply } from '../../src/cli/apply.ts';
import type { AskReason } from '../../src/cli/apply.ts';
import type { Printer } from '../../src/cli/printer.ts';
import { rules as rulesCommand } from '../../src/cli/rules.ts';
import type { Demo } from '../../src/cli/start-demo.ts';
import { readRulesNote } from '../../src/core/audit/rules-note.ts';
import type { Gateway } from '../../src/main.ts';
import { told } from '../support/backup-clinic.ts';
import { recordsOf, restart, roleLines, rulesChanges } from '../support/clinic-story.ts';
import type { CookieClient } from '../support/cookie-client.ts';
import { eventually, signIn, story } from '../support/demo-story.ts';

const before = `${roleLines}
rules:
  - { name: screens, paths: [/, /main, '/static/**'], allow: everyone }
  - { name: charts, area: ehr.chart, allow: [physician, nurse] }
  - { name: console, area: wardgate.console, allow: privacy }
`;
const wider = before.replace('[physician, nurse]', '[physician, nurse, billing]');
const hostile = '<script>alert(1)</script> \u202Etxet';

let demo: Demo;
let gateway: Gateway;
let officer: CookieClient;
let config: string;
let rulesFile: string;

beforeAll(async () => {
  demo = await story({ rules: before });
  ({ gateway } = demo);
  config = join(demo.directory, 'gateway.yaml');
  rulesFile = join(demo.directory, 'rules.yaml');
  officer = await signIn(demo, 'security', '/.wardgate/console');
}, 60_000);
afterAll(async () => {
  await gateway.close();
  await demo.close();
});

const rules = async (...args: string[]) => told(rulesCommand, ...args, '--config', config);
const notes = () => rulesChanges(demo).map((one) => readRulesNote(String(one['detail'])));
const readyz = async () => (await fetch(`http://127.0.0.1:${gateway.healthPort}/readyz`)).text();
const page = async (query = '') => (await officer.page(`${demo.origin}/.wardgate/console/rules${query}`)).text;

async function byHand(text: string): Promise<void> {
  const count = notes().length;
  writeFileSync(rulesFile, text);
  await eventually(() => notes().length > count, 'the new rules');
}

test('the very first versions have no author to ask for, and the start names both', async () => {
  expect(notes()).toEqual([]);
  expect(recordsOf(demo, 'start')[0]?.['detail']).toMatch(/, settings [0-9a-f]{16}/);
  expect(await readyz()).not.toContain('without author');
  expect(await page()).toContain('No change is known yet');
});

test('at a terminal the change is shown, by lines and by roles, before it is asked why', async () => {
  const file = join(demo.directory, 'next.yaml');
  writeFileSync(file, wider);
  const lines: string[] = [];
  const print = { out: (line: string) => void lines.push(line), err: (line: string) => void lines.push(line) };
  const answers: (string | null)[] = ['  ', null, 'billing checks charts'];
  const ask: AskReason = () => {
    expect(lines).toContain('+   - { name: charts, area: ehr.chart, allow: [physician, nurse, billing] }');
    expect(lines).toContain('billing gains ehr.chart GET: rule charts');
    return Promise.resolve(answers.shift() ?? null);
  };
  const given = ['--rules', file, '--config', config];
  expect([await apply(given, print, ask), await apply(given, print, ask)]).toEqual([1, 1]);
  expect(readFileSync(rulesFile, 'utf8')).toBe(before);
  expect(await apply(given, print, ask)).toBe(0);
  expect(readFileSync(rulesFile, 'utf8')).toBe(wider);
  expect(notes().at(-1)).toMatchObject({ of: 'rules', author: { deed: 'applied', reason: 'billing checks charts' } });
  const shown = await page('?change=1');
  expect(shown).toContain('billing gains ehr.chart GET: rule charts');
  expect(shown).toContain(
    '<li class="came"><code>+   - { name: charts, area: ehr.chart, allow: [physician, nurse, billing] }</code></li>',
  );
});

test('without a terminal and without a reason nothing is shown and nothing changes', async () => {
  const nobodyThere = (args: string[], print: Printer) => apply(args, print, null);
  expect(await told(nobodyThere, '--config', config)).toMatchObject({
    code: 2,
    out: '',
    err: expect.stringContaining('--reason is missing'),
  });
});

test('a file edited by hand is told as that until somebody claims it', async () => {
  await byHand(before);
  expect(notes().at(-1)).toMatchObject({ of: 'rules', author: null });
  expect(await readyz()).toMatch(/notice: A change of the configuration by hand, without author \(the first is rules 2 of /);
  expect((await officer.page(`${demo.origin}/.wardgate/console`)).text).toContain('by hand, without author');
  expect(await page()).toContain('<strong>changed by hand, author not recorded</strong>');
  expect(await page('?change=2')).toContain('billing loses ehr.chart GET: rule charts');
  expect((await rules('claim')).code).toBe(2);
  expect(await rules('claim', 'rules 7', '--because', 'no')).toMatchObject({ code: 2, err: expect.stringContaining('rules 2 ') });
  const claimed = await rules('claim', '--because', hostile, '--person', 'Ada', '--approver', 'Dr. Jones');
  expect(claimed).toMatchObject({ code: 0, out: expect.stringMatching(/^Change rules 2 is claimed by Ada \(\S+\)/) });
  expect(notes().at(-1)).toMatchObject({ of: 'rules', author: { deed: 'claimed', approver: 'Dr. Jones' } });
  expect(recordsOf(demo, 'order').at(-1)).toMatchObject({
    decision: 'allowed',
    detail: expect.stringContaining('"rules claim" (rules 2'),
  });
  expect(await readyz()).not.toContain('without author');
  const shown = await page();
  expect(shown).not.toContain('<script>alert');
  expect(shown).toContain('&lt;script&gt;alert(1)&lt;/script&gt; \\u{202e}txet');
  expect((await rules('claim', '--because', 'again')).err).toContain('has its author');
});

test('any two versions of the history can be compared, by lines and by roles', async () => {
  const two = await rules('diff', '1', '2');
  expect(two.code).toBe(1);
  expect(two.out).toContain('billing loses ehr.chart GET: rule charts');
  expect(await rules('diff', '2')).toMatchObject({ code: 0, out: 'They are the same\n' });
  expect(JSON.parse((await rules('diff', '2', '1', '--json')).out)).toMatchObject({
    effect: ['billing gains ehr.chart GET: rule charts'],
  });
  expect((await rules('diff', '99', '1')).err).toContain('Version "99" is not kept here');
  expect((await rules('diff')).code).toBe(2);
  expect((await rules('history')).out).toMatch(/3 {2}\S+ {2}\S+ {2}number 2 claimed by Ada/);
});

test('what was changed while the gateway was stopped is told at the start, gateway.yaml as well', async () => {
  await gateway.close();
  writeFileSync(rulesFile, wider);
  writeFileSync(config, readFileSync(config, 'utf8').replace('help: ext. 4357 }', 'help: ext. 99 } # clientSecret: hunter2'));
  gateway = await restart(demo, gateway);
  const [forRules, forSettings] = notes().slice(-2);
  expect([forRules, forSettings]).toMatchObject([
    { of: 'rules', author: null },
    { of: 'settings', author: null },
  ]);
  expect(recordsOf(demo, 'start').at(-1)?.['detail']).toContain(`settings ${String(forSettings?.after)}`);
  expect(await readyz()).toContain('2 changes of the configuration by hand');
  // The version that a name was missing for at the start is kept with what it changed.
  expect(await page('?change=4')).toContain('billing gains ehr.chart GET: rule charts');
  const shown = await page('?of=settings&change=1');
  expect(shown).toContain('<li class="went"><code>- clinic.help: ext. 4357</code></li>');
  expect(shown).toContain('<li class="came"><code>+ clinic.help: ext. 99</code></li>');
  // Comments are not kept, whatever stands in them.
  expect(shown).not.toContain('hunter2');
});

test('a claim is recorded by the command itself where no gateway runs', async () => {
  await gateway.close();
  expect((await rules('claim', '--because', 'which')).err).toContain('Several changes have no author');
  expect((await rules('claim', 'settings 1', '--because', 'another extension')).code).toBe(0);
  expect(notes().at(-1)).toMatchObject({ of: 'settings', author: { deed: 'claimed', reason: 'another extension' } });
  expect((await rules('history', '--settings')).out).toContain('number 1 claimed by');
  const changed = await rules('diff', '1', '--settings');
  expect(changed.out).toBe('They are the same\n');
  gateway = await restart(demo, gateway);
  expect(await readyz()).toContain('A change of the configuration by hand, without author (the first is rules 4 of ');
});

test('machines are read again with the rules, and that is a change of the settings', async () => {
  const count = notes().length;
  const machine = 'machines: { lab: { from: 127.0.0.1, tokenHashFile: lab.hash } }';
  writeFileSync(join(demo.directory, 'lab.hash'), `${'a'.repeat(64)}\n`);
  writeFileSync(config, `${readFileSync(config, 'utf8')}${machine}\n`);
  await byHand(wider.replace('  - { name: console', '  - { name: lists, paths: [/finder], allow: nobody, machines: lab }\n$&'));
  await eventually(() => notes().length === count + 2, 'both records');
  expect(notes().slice(count)).toMatchObject([{ of: 'rules' }, { of: 'settings' }]);
  expect(await page('?of=settings&change=3')).toContain('+ machines.lab.from: 127.0.0.1');
  expect(await page()).toContain('Changes of gateway.yaml');
});
