// An auditor far away opens the exported page from their own disk in a real browser, without a network, and drops the bundle
// into it: the good one, and those that somebody has been at.

import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { AuditExport } from '../../src/adapters/audit-export.ts';
import { auditCommand } from '../../src/cli/audit.ts';
import { removeAuditDirectories } from '../support/audit-log.ts';
import { grown, patients, record, treeLog } from '../support/audit-tree.ts';
import type { TreeLog } from '../support/audit-tree.ts';
import { told } from '../support/backup-clinic.ts';
import { launch, visitor } from '../support/browser.ts';
import { day, runDays } from '../support/epoch-days.ts';
import { requirement } from '../support/requirements.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const chromium = requirement('chromium');

afterEach(removeAuditDirectories);

/** Three days, three keys; exported with what the anchor holds. */
async function exported(
  ...more: string[]
): Promise<{ log: TreeLog; out: string; bundle: AuditExport; newest: string; first: string }> {
  const log = treeLog();
  const run = await runDays(log);
  for (const from of [0, 10, 20]) {
    await run.settle();
    await run.record(patients(10, from));
    await run.settle();
    run.clock.at += day;
  }
  await run.close();
  const anchored = readdirSync(log.anchor).sort();
  const [first = '', newest = ''] = [anchored[1], anchored.at(-1)].map((name) =>
    readFileSync(join(log.anchor, name ?? ''), 'utf8'),
  );
  const out = join(temporaryDirectory(), 'export');
  const kept = join(temporaryDirectory(), 'kept.txt');
  writeFileSync(kept, first);
  const made = await told(auditCommand, 'export', '--dir', log.directory, '--out', out, '--kept', kept, ...more);
  // A patient of records that are older than tokens is found without the key, and said to be.
  const hint = more.includes('--patient') ? expect.stringContaining('Patients are searched by token alone') : '';
  expect([made.code, made.err]).toEqual([0, hint]);
  return { log, out, bundle: JSON.parse(readFileSync(join(out, 'bundle.json'), 'utf8')) as AuditExport, newest, first };
}

chromium.describe('the page that checks an export', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch(chromium.path ?? '');
  });
  afterAll(() => browser.close());

  interface Shown {
    readonly page: Page;
    readonly verdict: string;
    readonly state: string | null;
    readonly asked: readonly string[];
    readonly complaints: readonly string[];
  }

  /** Opens the page offline and gives it the files. */
  async function shown(out: string, bundle: unknown, ...checkpoints: string[]): Promise<Shown> {
    const { page, complaints, context } = await visitor(browser);
    await context.setOffline(true);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(pathToFileURL(join(out, 'verifier.html')).href);
    const files = [{ name: 'bundle.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(bundle)) }];
    for (const text of checkpoints) files.push({ name: 'kept.txt', mimeType: 'text/plain', buffer: Buffer.from(text) });
    await page.setInputFiles('#files', files);
    await page.waitForSelector('body[data-judged="1"]');
    const verdict = page.locator('#verdict');
    return { page, verdict: await verdict.innerText(), state: await verdict.getAttribute('data-state'), asked, complaints };
  }

  test('proves a good one, offline, asking nobody', async () => {
    const { out, bundle, newest, first } = await exported();
    const { page, verdict, state, asked, complaints } = await shown(out, bundle, newest);
    expect([verdict, state]).toEqual(['Proved: these records are in the log as it was when your checkpoint was kept', 'good']);
    expect([complaints, asked.filter((url) => !url.startsWith('file:'))]).toEqual([[], []]);
    expect(await page.locator('#keys').innerText()).toMatch(/^3 keys, each named/);
    expect(await page.locator('#scope').innerText()).toMatch(/without a gap$/);
    const older = await shown(out, bundle, first);
    expect([older.verdict, older.state]).toEqual([
      expect.stringMatching(/^Proved up to record \d+; \d+ records here are newer than your checkpoint/),
      'open',
    ]);
    expect((await shown(out, bundle)).verdict).toMatch(/^Consistent in itself, and held against nothing of yours/);
  });

  test('of one patient says that it is a selection', async () => {
    const { out, bundle, newest } = await exported('--patient', '12', '--from', '2026-11-23', '--to', '2026-12-01');
    expect(bundle.records).toHaveLength(1);
    expect((await shown(out, bundle, newest)).state).toBe('good');
  });

  type Harm = (bundle: AuditExport) => unknown;
  const first = (bundle: AuditExport, change: (line: string) => string): unknown => ({
    ...bundle,
    records: bundle.records.map((one, at) => (at === 4 ? { ...one, line: change(one.line) } : one)),
  });
  const epoch = (bundle: AuditExport, change: (one: AuditExport['epochs'][number]) => object): unknown => ({
    ...bundle,
    epochs: bundle.epochs.map((one, at) => (at === 0 ? change(one) : one)),
  });
  const harms: readonly (readonly [string, Harm, RegExp])[] = [
    [
      'a record was edited',
      (bundle) => first(bundle, (line) => line.replace('"patient":"4"', '"patient":"5"')),
      /Record 5 was changed/,
    ],
    [
      'a record was put in from another place',
      (bundle) => first(bundle, () => bundle.records[5]?.line ?? ''),
      /Record 6 is not in the tree/,
    ],
    ['records were swapped', (bundle) => ({ ...bundle, records: bundle.records.toReversed() }), /does not stand in its order/],
    [
      'a proof lacks a hash',
      (bundle) => ({ ...bundle, records: bundle.records.map((one) => ({ ...one, path: one.path.slice(1) })) }),
      /Record 1 is not in the tree/,
    ],
    [
      'the checkpoint says another size',
      (bundle) => ({ ...bundle, checkpoint: bundle.checkpoint.replace(/\n\d+\n/, '\n30\n') }),
      /is not in the tree/,
    ],
    [
      'the checkpoint has another signature',
      (bundle) => ({ ...bundle, checkpoint: bundle.checkpoint.replace(/.{6}\n$/, 'AAAA==\n') }),
      /not signed by the key of its day|none of this log/,
    ],
    [
      'the first key is another',
      (bundle) => ({ ...bundle, foundingKey: `${'A'.repeat(43)}=` }),
      /named by another key than the first one/,
    ],
    [
      'a key was left out',
      (bundle) => ({ ...bundle, epochs: bundle.epochs.slice(1) }),
      /The key of epoch 3 does not follow that of epoch 1/,
    ],
    [
      'an epoch was closed by somebody else',
      (bundle) =>
        epoch(bundle, (one) => ({ ...one, closing: { ...one.closing, signature: bundle.epochs[1]?.closing.signature } })),
      /not signed by the key of that epoch/,
    ],
    [
      'an epoch names another key',
      (bundle) =>
        epoch(bundle, (one) => ({
          ...one,
          line: one.line.replace(/with key .{43}= begins/, `with key ${'B'.repeat(43)}= begins`),
        })),
      /is not what epoch 1 ended with/,
    ],
    [
      'an epoch was led from another tree',
      (bundle) => epoch(bundle, (one) => ({ ...one, consistency: one.consistency.toReversed() })),
      /written anew/,
    ],
    ['it is no export', () => ({ format: 'other' }), /not an export/],
  ];

  test('refuses what somebody has been at, and says what', { timeout: 120_000 }, async () => {
    const { out, bundle, newest } = await exported();
    for (const [what, harm, why] of harms) {
      const { verdict, state, page } = await shown(out, harm(bundle), newest);
      expect([what, state, verdict]).toEqual([what, 'bad', expect.stringMatching(why)]);
      await page.context().close();
    }
  });

  test('finds from a checkpoint that was kept what was written anew with every key', async () => {
    const honest = treeLog();
    await record(honest, patients(20));
    await grown(honest);
    const forged = treeLog(honest);
    await record(forged, patients(20).with(4, 'nobody'));
    await grown(forged);
    const out = join(temporaryDirectory(), 'export');
    expect((await told(auditCommand, 'export', '--dir', forged.directory, '--out', out)).code).toBe(0);
    const bundle: unknown = JSON.parse(readFileSync(join(out, 'bundle.json'), 'utf8'));
    expect((await shown(out, bundle)).verdict).toMatch(/^Consistent in itself/);
    const kept = readFileSync(join(honest.directory, 'tree/checkpoint'), 'utf8');
    const { verdict, state } = await shown(out, bundle, kept);
    expect([verdict, state]).toEqual([expect.stringMatching(/records under it were changed, removed or replaced$/), 'bad']);
    const stranger = treeLog();
    await record(stranger, patients(20));
    await grown(stranger);
    expect((await shown(out, bundle, readFileSync(join(stranger.directory, 'tree/checkpoint'), 'utf8'))).verdict).toMatch(
      /is of another log/,
    );
    const longer = await told(auditCommand, 'verify', '--dir', forged.directory);
    expect(longer.code).toBe(0);
  });
});

describe('the export itself', () => {
  test('is recorded before it is written, and needs an address to go to', async () => {
    const { log, out } = await exported('--person', 'nobody "at all"');
    const all = await told(auditCommand, 'show', '--dir', log.directory);
    expect(all.out).toMatch(/audit-exported .*0 records of \\"nobody 'at all'\\" were exported with their proofs by /);
    expect(readFileSync(join(out, 'verifier.html'), 'utf8')).not.toMatch(/https?:\/\//);
    for (const wrong of [[], ['--out', 'x', '--from', 'noon']]) {
      expect((await told(auditCommand, 'export', '--dir', log.directory, ...wrong)).code).toBe(2);
    }
    // What is there is never written over, and nothing is recorded that is not done.
    expect((await told(auditCommand, 'export', '--dir', log.directory, '--out', out)).code).toBe(2);
    const again = await told(auditCommand, 'show', '--dir', log.directory);
    expect(again.out.match(/audit-exported/g)).toHaveLength(1);
  });
});
