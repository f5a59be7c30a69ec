// The reply list's judgement of what the EHR sent: export and budget, before the first byte.

import { beforeEach, describe, expect, test } from 'vitest';
import { End } from '../../src/core/answer.ts';
import type { Admission } from '../../src/facts.ts';
import { admitReplyDownload } from '../../src/reply/admit-reply-download.ts';
import { budgetOf, FakeAccount, FakeDownloadNeeds, noon, permitted } from '../support/download-fakes.ts';
import type { Told } from '../support/download-fakes.ts';

let needs: FakeDownloadNeeds;
let account: FakeAccount;
beforeEach(() => {
  needs = new FakeDownloadNeeds();
  account = new FakeAccount();
});

const csv = {
  status: 200,
  headers: ['Content-Type', 'application/force-download', 'Content-Disposition', 'attachment; filename=a.csv'],
};
const page = { status: 200, headers: ['Content-Type', 'text/html'] };

interface Case extends Told {
  readonly mayExport?: boolean;
  readonly unmetered?: boolean;
  readonly reply?: typeof csv;
}

async function judge({ mayExport = true, unmetered = false, reply = csv, ...told }: Case) {
  const budget = told.budgets?.['everyone'];
  const held = budget === undefined ? null : { budget, account };
  const admission: Admission = {
    paceBytesPerSecond: null,
    unmetered,
    mayExport,
    held,
    download: null,
    slowed: false,
    charge: null,
    freeBytes: 0,
  };
  const result = await admitReplyDownload(needs)({ ...permitted(told), admission }, reply);
  return { admission, refusal: result instanceof End ? result.answer : null };
}

const one = { everyone: budgetOf({ filesPerHour: 1 }) };

describe('export', () => {
  test('a download that the role may not export is replaced, whatever the request looked like', async () => {
    expect((await judge({ mayExport: false, method: 'POST', path: '/patient_list.php' })).refusal).toEqual({
      kind: 'refusal',
      reason: 'export-not-permitted',
      rule: 'charts',
      detail: 'Rule "charts" does not let your role export',
    });
  });

  test.each([
    ['a page', { reply: page }],
    ['HEAD', { method: 'HEAD' }],
    ['an exempt route', { download: 'never' }],
    ['a 404', { reply: { ...csv, status: 404 } }],
  ] as const)('%s passes', async (_name, told) => {
    expect((await judge({ mayExport: false, ...told })).refusal).toBeNull();
  });

  test('an emergency does not open it', async () => {
    expect((await judge({ mayExport: false, grant: true, unmetered: true })).refusal).toMatchObject({
      reason: 'export-not-permitted',
    });
  });

  test('mode "observe" names itself as the reason, also beside an open emergency', async () => {
    await judge({ mayExport: false, mode: 'observe', grant: true, unmetered: true });
    expect(needs.audit.entries).toMatchObject([{ event: 'refusal', decision: 'observed', grant: null }]);
  });

  test('mode "observe" lets it pass, records it, and still counts the file', async () => {
    expect((await judge({ mayExport: false, mode: 'observe', budgets: one })).refusal).toBeNull();
    expect(needs.audit.entries).toMatchObject([
      { event: 'refusal', decision: 'observed', reason: 'export-not-permitted' },
      { event: 'budget-warning' },
    ]);
    expect(account.state.files).toHaveLength(1);
  });
});

describe('the budget', () => {
  test('without one, nothing is counted', async () => {
    expect((await judge({})).admission.charge).toBeNull();
  });

  test('a download opens a charge; a page does not', async () => {
    expect((await judge({ budgets: one, reply: page })).admission.charge).toBeNull();
    const reply = { ...csv, headers: [...csv.headers, 'Content-Length', '700'] };
    const bytes = { everyone: budgetOf({ bytesPerDay: 1000 }) };
    expect((await judge({ budgets: bytes, reply, patient: '7' })).admission.charge).toMatchObject({ left: 700, finishes: true });
    expect((await judge({ budgets: bytes })).admission.charge).toMatchObject({ left: 0, finishes: false });
    expect(account.state.reservedBytes).toBe(700);
  });

  test('the file over it is refused, and told when it opens again', async () => {
    expect((await judge({ budgets: one, path: '/a.csv' })).refusal).toBeNull();
    needs.time += 1_800_000;
    expect((await judge({ budgets: one, path: '/b.csv' })).refusal).toEqual({
      kind: 'refusal',
      reason: 'budget-exhausted',
      rule: 'charts',
      detail: 'Your budget of 1 downloaded files an hour is used up; it opens again at 13:00',
      retryAfterSeconds: 1800,
    });
  });

  test('ranges of one target are one file', async () => {
    for (let i = 0; i < 5; i += 1) {
      const reply = { ...csv, status: 206 };
      expect((await judge({ budgets: one, path: '/a.csv', reply })).refusal).toBeNull();
    }
    expect(account.state.files).toHaveLength(1);
  });

  test.each([304, 302, 404, 500])('a %d takes none', async (status) => {
    await judge({ budgets: one, download: 'always', reply: { ...csv, status } });
    expect(account.state.files).toHaveLength(0);
  });

  test('"slow" slows the reply', async () => {
    const budgets = { everyone: budgetOf({ filesPerHour: 1 }, 'slow') };
    expect((await judge({ budgets, path: '/a' })).admission.slowed).toBe(false);
    expect((await judge({ budgets, path: '/b' })).admission.slowed).toBe(true);
    expect((await judge({ budgets, path: '/c', mode: 'observe' })).admission.slowed).toBe(false);
  });

  test('the warning is recorded before the first byte, and its failure fails the reply', async () => {
    await judge({ budgets: one });
    expect(needs.audit.entries).toMatchObject([{ event: 'budget-warning', time: noon }]);
    needs.audit.failure = new Error('disk full');
    account = new FakeAccount();
    await expect(judge({ budgets: one })).rejects.toThrow('disk full');
  });
});

describe('where other gateways count too', () => {
  const bytes = { everyone: budgetOf({ bytesPerDay: 1000, filesPerHour: 1 }) };
  const endless = { ...page, headers: [...page.headers, 'Transfer-Encoding', 'chunked'] };

  test('their word is waited for before a charge is opened', async () => {
    account.asks = true;
    expect((await judge({ budgets: bytes })).admission.charge).toMatchObject({ left: 0 });
    expect((await judge({ budgets: bytes, path: '/b.csv' })).refusal).toMatchObject({ reason: 'budget-exhausted' });
    expect((await judge({ budgets: bytes, reply: endless })).admission.charge).toMatchObject({ taken: 0 });
  });

  test('where nothing limits the bytes of a page, nobody is asked', () => {
    account.asks = true;
    const held = { budget: one.everyone, account };
    const admission = { held, unmetered: false, mayExport: true } as unknown as Admission;
    expect(admitReplyDownload(needs)({ ...permitted({ budgets: one }), admission }, endless)).toBeUndefined();
  });
});

describe('what passes over the budget', () => {
  const none = { everyone: budgetOf({ filesPerHour: 0 }) };

  test('an emergency passes uncounted, and is recorded where the budget would have refused', async () => {
    expect(await judge({ budgets: none, grant: true, unmetered: true })).toMatchObject({
      refusal: null,
      admission: { charge: null },
    });
    expect(needs.audit.entries).toMatchObject([{ event: 'budget-warning', grant: 'grant-1', decision: 'allowed' }]);
    await judge({ budgets: one, grant: true, unmetered: true });
    expect(needs.audit.entries).toHaveLength(1);
    expect(account.state.files).toHaveLength(0);
  });

  test('mode "observe" refuses nothing, and records it', async () => {
    expect(await judge({ budgets: none, mode: 'observe' })).toMatchObject({ refusal: null, admission: { charge: null } });
    expect(needs.audit.entries).toMatchObject([{ event: 'refusal', decision: 'observed', reason: 'budget-exhausted' }]);
  });
});
