// The stage before the EHR: patients counted, exports and used-up budgets turned away early, emergencies let through.

import { beforeEach, describe, expect, test } from 'vitest';
import { End } from '../../src/core/answer.ts';
import type { Admitted } from '../../src/facts.ts';
import { admitDownload } from '../../src/stages/admit-download.ts';
import { budgetOf, FakeDownloadNeeds, noon, permitted, session } from '../support/download-fakes.ts';
import type { Told } from '../support/download-fakes.ts';
import { fakeToken } from '../support/fake-patients.ts';

let needs: FakeDownloadNeeds;
beforeEach(() => {
  needs = new FakeDownloadNeeds();
});

async function ask(told: Told): Promise<Admitted | End> {
  return (await admitDownload(needs)(permitted(told))) as Admitted | End;
}

async function admission(told: Told) {
  const result = await ask(told);
  if (result instanceof End) throw new Error(`Refused: ${JSON.stringify(result.answer)}`);
  return result.admission;
}

async function refusal(told: Told) {
  const result = await ask(told);
  return result instanceof End ? result.answer : null;
}

const account = () => needs.budgets.accounts.get('https://login.example u1');
const two = { everyone: budgetOf({ patientsPerHour: 2 }) };

test('without a budget nothing is counted and nothing waits', () => {
  const result = admitDownload(needs)(permitted({ patient: '7' }));
  expect(result).toEqual({
    admission: {
      paceBytesPerSecond: null,
      unmetered: false,
      mayExport: true,
      held: null,
      download: null,
      slowed: false,
      charge: null,
      freeBytes: 0,
    },
  });
  expect(needs.budgets.accounts.size).toBe(0);
});

test('a person in memory is answered at once, with the pace of the budget', () => {
  const result = admitDownload(needs)(permitted({ budgets: { everyone: budgetOf({ paceBytesPerSecond: 5000 }) } }));
  expect(result).toMatchObject({ admission: { paceBytesPerSecond: 5000, held: { budget: { paceBytesPerSecond: 5000 } } } });
});

describe('patients', () => {
  test('are counted for the person, and the one over the budget is told when it opens again', async () => {
    needs.budgets.late = true;
    await admission({ budgets: two, patient: '1' });
    needs.time += 60_000;
    await admission({ budgets: two, patient: '2' });
    expect(await refusal({ budgets: two, patient: '3' })).toEqual({
      kind: 'refusal',
      reason: 'budget-exhausted',
      rule: 'charts',
      detail: 'Your budget of 2 patients an hour is used up; it opens again at 13:00',
      retryAfterSeconds: 3540,
    });
    expect(await admission({ budgets: two, patient: '1' })).toMatchObject({ slowed: false });
    expect(await admission({ budgets: two })).toMatchObject({ unmetered: false });
  });

  test('of two applications are two', async () => {
    await admission({ budgets: two, patient: '1' });
    const facts = permitted({ budgets: two, patient: '1' });
    await admitDownload(needs)({ ...facts, application: { ...facts.application, name: 'pacs' } });
    expect(account()?.state.patients.size).toBe(2);
  });

  test('another person has a budget of their own', async () => {
    await admission({ budgets: two, patient: '1' });
    await admission({ budgets: two, patient: '2' });
    const other = { ...session, subject: { ...session.subject, sub: 'u2' } };
    expect(await admitDownload(needs)({ ...permitted({ budgets: two, patient: '3' }), session: other })).not.toBeInstanceOf(End);
  });

  test('the warning is on record before the request goes on', async () => {
    await admission({ budgets: two, patient: '1' });
    expect(needs.audit.entries).toEqual([]);
    await admission({ budgets: two, patient: '2' });
    expect(needs.audit.entries).toMatchObject([{ event: 'budget-warning', patient: fakeToken('2'), time: noon }]);
  });

  test('a warning that cannot be recorded stops the request', async () => {
    await admission({ budgets: two, patient: '1' });
    needs.audit.failure = new Error('disk full');
    await expect(ask({ budgets: two, patient: '2' })).rejects.toThrow('disk full');
  });

  test('"slow" slows instead', async () => {
    const budgets = { everyone: budgetOf({ patientsPerHour: 1 }, 'slow') };
    expect(await admission({ budgets, patient: '1' })).toMatchObject({ slowed: false });
    expect(await admission({ budgets, patient: '2' })).toMatchObject({ slowed: true });
  });

  test('"ask" offers the page where a reason can be stated, until one was', async () => {
    const budgets = { everyone: budgetOf({ patientsPerHour: 0 }, 'ask') };
    expect(await refusal({ budgets, patient: '1' })).toMatchObject({ remedy: '/.wardgate/more-downloads' });
    account()?.put({ ...account()!.state, extendedOn: needs.localDay(noon) });
    expect(await refusal({ budgets, patient: '1' })).not.toHaveProperty('remedy');
  });
});

describe('downloads by rule', () => {
  const budgets = { everyone: budgetOf({ filesPerHour: 0, patientsPerHour: 5 }) };

  test('are turned away before the EHR when the budget is used up, and then no patient is counted', async () => {
    expect(await refusal({ budgets, download: 'always', patient: '1' })).toMatchObject({ reason: 'budget-exhausted' });
    expect(account()?.state.patients.size).toBe(0);
  });

  test('are only counted on the reply', async () => {
    const one = { everyone: budgetOf({ filesPerHour: 1, bytesPerDay: 10 }) };
    await admission({ budgets: one, download: 'always' });
    await admission({ budgets: one, download: 'always' });
    expect(account()?.state).toMatchObject({ files: [], reservedBytes: 0 });
  });

  test.each([
    [{ download: 'by-reply' }, null],
    [{ download: 'never' }, null],
    [{ download: 'always', method: 'HEAD' }, null],
    [{ download: 'always', method: 'POST' }, 'budget-exhausted'],
  ] as const)('%j over the budget', async (told, reason) => {
    expect((await refusal({ budgets, ...told }))?.kind ?? null).toBe(reason === null ? null : 'refusal');
  });
});

describe('where other gateways count too', () => {
  const asked = (told: Told) => {
    const known = account();
    if (known !== undefined) known.asks = true;
    return admitDownload(needs)(permitted(told));
  };

  test('a patient who is counted already is opened again at once, and their hour begins again', async () => {
    await admission({ budgets: two, patient: '1' });
    needs.time += 60_000;
    expect(asked({ budgets: two, patient: '1' })).toMatchObject({ admission: { unmetered: false } });
    expect([...(account()?.state.patients.values() ?? [])]).toEqual([noon + 60_000]);
  });

  test.each<[string, Told, boolean]>([
    ['a page of nobody', {}, false],
    ['a patient where nothing limits them', { patient: '2', budgets: { everyone: budgetOf({ filesPerHour: 2 }) } }, false],
    ['another patient', { patient: '2' }, true],
    ['a patient whose hour is over', { patient: '1' }, true],
    ['what the rules call a download', { download: 'always' }, true],
    ['the same while the rules are only observed', { download: 'always', mode: 'observe' }, false],
  ])('%s: %j waits for them: %s', async (_name, told, waits) => {
    await admission({ budgets: two, patient: '1' });
    needs.time += 3_600_000;
    const result = asked({ budgets: two, ...told });
    expect(result instanceof Promise).toBe(waits);
    expect(await result).toMatchObject({ admission: { unmetered: false } });
  });
});

describe('export', () => {
  const records = { exportRoles: ['records'], download: 'always' } as const;
  test.each([
    [{ ...records }, 'refused'],
    [{ ...records, grant: true }, 'refused'],
    [{ ...records, roles: ['nurse', 'records'] }, 'may'],
    [{ ...records, method: 'HEAD' }, 'may not'],
    [{ ...records, download: 'by-reply' }, 'may not'],
    [{ ...records, mode: 'observe' }, 'may not'],
  ] as const)('%j: %s', async (told, expected) => {
    const result = await ask(told);
    if (result instanceof End) {
      expect(expected).toBe('refused');
      expect(result.answer).toMatchObject({ reason: 'export-not-permitted', rule: 'charts' });
    } else expect(result.admission.mayExport).toBe(expected === 'may');
  });
});

describe('what passes over the budget', () => {
  const none = { everyone: budgetOf({ patientsPerHour: 0, filesPerHour: 0, paceBytesPerSecond: 10 }) };

  test('an open emergency grant passes uncounted and unpaced, and each such access is recorded', async () => {
    expect(await admission({ budgets: none, patient: '1', grant: true })).toMatchObject({
      unmetered: true,
      paceBytesPerSecond: null,
    });
    expect(needs.audit.entries).toMatchObject([
      { event: 'budget-warning', grant: 'grant-1', patient: fakeToken('1'), reason: 'budget-exhausted', decision: 'allowed' },
    ]);
    await admission({ budgets: two, patient: '1', grant: true });
    expect(needs.audit.entries).toHaveLength(1);
    expect(account()?.state.patients.size).toBe(0);
  });

  test('a download by rule is left to the reply, so that it is recorded once', async () => {
    const files = { everyone: budgetOf({ filesPerHour: 0 }) };
    await admission({ budgets: files, download: 'always', grant: true });
    await admission({ budgets: files, download: 'always', mode: 'observe' });
    expect(needs.audit.entries).toEqual([]);
  });

  test('mode "observe" withholds nothing, and records it', async () => {
    const seen = await admission({ budgets: none, patient: '1', download: 'always', mode: 'observe' });
    expect(seen).toMatchObject({ unmetered: true, paceBytesPerSecond: null, slowed: false });
    expect(needs.audit.entries).toMatchObject([{ event: 'refusal', decision: 'observed', reason: 'budget-exhausted' }]);
    await admission({ budgets: two, patient: '1', mode: 'observe' });
    expect(account()?.state.patients.size).toBe(1);
  });

  test('mode "observe" does not slow', async () => {
    const slow = { everyone: budgetOf({ patientsPerHour: 0 }, 'slow') };
    expect(await admission({ budgets: slow, patient: '1', mode: 'observe' })).toMatchObject({ slowed: false, unmetered: false });
  });
});
