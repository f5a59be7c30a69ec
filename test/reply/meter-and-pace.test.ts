// Metering while bytes are sent: waits, cuts, warnings, and what is given back when a reply ends early.

import { beforeEach, describe, expect, test } from 'vitest';
import { slowBytesPerSecond } from '../../src/core/downloads/budget-state.ts';
import type { Charge } from '../../src/core/downloads/take-bytes.ts';
import type { Budget } from '../../src/core/policy/policy.ts';
import type { Admission } from '../../src/facts.ts';
import { meterFor } from '../../src/reply/meter-and-pace.ts';
import { closeDownload } from '../../src/settle/close-download.ts';
import { budgetOf, FakeAccount, FakeDownloadNeeds, noon, permitted } from '../support/download-fakes.ts';
import type { Told } from '../support/download-fakes.ts';

let needs: FakeDownloadNeeds;
let account: FakeAccount;
beforeEach(() => {
  needs = new FakeDownloadNeeds();
  account = new FakeAccount();
});

const charge: Charge = { left: 0, taken: 0, finishes: false, overdraws: false, day: '2024-10-04' };
const go = { waitMilliseconds: 0 };
const cut = { cut: 'budget' };

function meter(budget: Partial<Budget>, some: Partial<Admission> = {}, told: Told = {}, consequence: Budget['then'] = 'refuse') {
  const full = budgetOf(budget, consequence);
  const admission: Admission = {
    paceBytesPerSecond: full.paceBytesPerSecond,
    unmetered: false,
    mayExport: true,
    held: { budget: full, account },
    download: null,
    slowed: false,
    charge: null,
    freeBytes: 0,
    ...some,
  };
  return { admission, meter: meterFor(needs)({ ...permitted(told), admission }) };
}

test('where nothing is counted or paced, all replies share one meter', () => {
  const free = meter({}, { held: null }).meter;
  expect(meter({ bytesPerDay: 0 }).meter).toBe(free);
  expect(meter({ bytesPerDay: 0 }, { unmetered: true, charge }).meter).toBe(free);
  expect(free.take(1e12)).toEqual(go);
  free.finished(0);
  expect(meter({}, { charge }).meter).not.toBe(free);
});

describe('bytes', () => {
  test('are counted as they are sent, and the reply is cut where the budget ends', () => {
    const { meter: one } = meter({ bytesPerDay: 1000 }, { charge });
    expect(one.take(600)).toEqual(go);
    expect(one.take(400)).toEqual(go);
    expect(one.take(1)).toEqual(cut);
    expect(account.state.bytes).toBe(1000);
  });

  test('two replies of a person share the day', () => {
    const first = meter({ bytesPerDay: 1000 }, { charge }).meter;
    const second = meter({ bytesPerDay: 1000 }, { charge }).meter;
    expect([first.take(600), second.take(400), first.take(1), second.take(1)]).toEqual([go, go, cut, cut]);
  });

  test('a started single-patient file finishes', () => {
    const { meter: one } = meter({ bytesPerDay: 1000 }, { charge: { ...charge, finishes: true } });
    expect([one.take(900), one.take(900), one.take(900)]).toEqual([go, go, go]);
    expect(account.state.overdrawn).toBe(true);
    one.finished(2700);
    expect(account.state).toMatchObject({ bytes: 2700, overdrawn: false });
  });

  test('midnight opens the day anew under a reply that is still going', () => {
    const { meter: one } = meter({ bytesPerDay: 1000 }, { charge });
    needs.time = noon + 43_199_000;
    expect([one.take(1000), one.take(1)]).toEqual([go, cut]);
    needs.time = noon + 43_200_000;
    expect([one.take(1000), one.take(1)]).toEqual([go, cut]);
  });

  test('the warning at 80 % is recorded once; where it cannot be, the loss is told and the reply goes on', async () => {
    const { meter: one } = meter({ bytesPerDay: 1000 }, { charge });
    one.take(799);
    expect(needs.audit.entries).toEqual([]);
    one.take(1);
    one.take(1);
    expect(needs.audit.entries).toMatchObject([{ event: 'budget-warning', request: 'request-1' }]);
    account = new FakeAccount();
    needs.audit.failure = new Error('disk full');
    expect(meter({ bytesPerDay: 1000 }, { charge }).meter.take(900)).toEqual(go);
    await expect.poll(() => needs.lost).toEqual([needs.audit.failure]);
  });

  test('mode "observe" cuts and slows nothing', () => {
    expect(meter({ bytesPerDay: 10 }, { charge }, { mode: 'observe' }).meter.take(11)).toEqual(go);
    const { admission, meter: slow } = meter({ bytesPerDay: 10 }, { charge }, { mode: 'observe' }, 'slow');
    expect([slow.take(11), admission.slowed]).toEqual([go, false]);
  });

  test('"slow" goes on at the slow rate from where the budget ended', () => {
    const { admission, meter: one } = meter({ bytesPerDay: slowBytesPerSecond }, { charge }, {}, 'slow');
    expect(one.take(slowBytesPerSecond)).toEqual(go);
    expect(admission.slowed).toBe(false);
    expect(one.take(slowBytesPerSecond)).toEqual(go);
    expect(one.take(slowBytesPerSecond)).toEqual({ waitMilliseconds: 1000 });
  });
});

describe('pace', () => {
  test("a person's streams share their bandwidth", () => {
    const first = meter({ paceBytesPerSecond: 1000 }).meter;
    const second = meter({ paceBytesPerSecond: 1000 }).meter;
    expect([first.take(1000), second.take(500), first.take(500)]).toEqual([
      go,
      { waitMilliseconds: 500 },
      { waitMilliseconds: 1000 },
    ]);
    needs.time += 2000;
    expect(second.take(1000)).toEqual(go);
  });

  test("a stream's bytes never overtake each other, whatever is given back between them", () => {
    const one = meter({ paceBytesPerSecond: 1000 });
    const other = meter({ paceBytesPerSecond: 1000 }).meter;
    other.take(5000);
    expect(one.meter.take(1000)).toEqual({ waitMilliseconds: 5000 });
    other.finished(0);
    expect(one.meter.take(100)).toEqual({ waitMilliseconds: 5000 });
    one.admission.slowed = true;
    needs.time += 2000;
    expect(one.meter.take(100)).toEqual({ waitMilliseconds: 3000 });
    needs.time += 3000;
    expect(one.meter.take(100)).toEqual(go);
  });

  test.each([
    ['alone', null, slowBytesPerSecond],
    ['under a wider pace', 1e9, slowBytesPerSecond],
    ['under a narrower pace', 1000, 1000],
  ])('the slow lane %s', (_name, paceBytesPerSecond, rate) => {
    const { meter: one } = meter({ paceBytesPerSecond }, { slowed: true });
    expect([one.take(rate), one.take(rate)]).toEqual([go, { waitMilliseconds: 1000 }]);
  });

  test('the slow lane holds nothing up beside it', () => {
    meter({ paceBytesPerSecond: 1e6 }, { slowed: true }).meter.take(1e6);
    expect(meter({ paceBytesPerSecond: 1e6 }).meter.take(1e6)).toEqual(go);
  });

  test('what was taken and never sent is given back, once', () => {
    const paced = meter({ paceBytesPerSecond: 1000, bytesPerDay: 10_000 }, { charge });
    paced.meter.take(5000);
    paced.meter.finished(1000);
    paced.meter.finished(0);
    expect(paced.meter.take(1)).toEqual(cut);
    expect(account.state.bytes).toBe(1000);
    expect(account.pace.tokens).toBe(0);
    const slowed = meter({ bytesPerDay: null }, { slowed: true }).meter;
    slowed.take(slowBytesPerSecond * 3);
    slowed.finished(slowBytesPerSecond);
    expect(account.slowLane.tokens).toBe(0);
  });
});

describe('settling', () => {
  const outcome = {} as Parameters<ReturnType<typeof closeDownload>>[1];
  const settle = (admission?: Admission) => {
    const facts = { exchange: {}, ...(admission === undefined ? {} : { admission }) } as Parameters<
      ReturnType<typeof closeDownload>
    >[0];
    return closeDownload()(facts, outcome);
  };

  test('a reply that broke before its first byte gives its promise back', () => {
    account.put({ ...account.state, reservedBytes: 700, overdrawn: true });
    const { admission } = meter({ bytesPerDay: 1000 }, { charge: { ...charge, left: 700, overdraws: true } });
    void settle(admission);
    expect(account.state).toMatchObject({ reservedBytes: 0, overdrawn: false });
    expect(admission.charge).toBeNull();
  });

  test('what the meter closed is not closed again, and other requests have nothing to close', () => {
    const { admission, meter: one } = meter({ bytesPerDay: 1000 }, { charge: { ...charge, left: 100 } });
    account.put({ ...account.state, reservedBytes: 300 });
    one.finished(0);
    void settle(admission);
    void settle();
    void settle({ ...admission, held: null, charge });
    expect(account.state.reservedBytes).toBe(200);
  });
});
