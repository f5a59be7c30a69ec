// What waits for a reviewer is counted once a minute, by the gateway that leads; what cannot be counted is not known.

import { beforeEach, expect, test } from 'vitest';
import { OpenAlerts } from '../../src/control/open-alerts.ts';
import type { FoundRequest } from '../../src/search-ports.ts';

const alert = (sequence: number, reason: string) => ({ sequence, reason, detail: null }) as FoundRequest;
const raised = [alert(4, 'many-patients'), alert(3, 'colleague'), alert(2, 'after-hours'), alert(1, 'two-places')];
let now: number;
let asked: unknown[];
let leads: boolean;
let fails: boolean;
let open: OpenAlerts;

beforeEach(() => {
  now = 1_800_000_000_000;
  asked = [];
  [leads, fails] = [true, false];
  open = new OpenAlerts({
    clock: { now: () => now, monotonic: () => now },
    leadership: {
      get leads() {
        return leads;
      },
    },
    search: {
      search: async (query, most) => {
        asked.push([query, most]);
        if (fails) throw new Error('Too many searches wait');
        return Promise.resolve({ requests: raised, next: null, indexed: 4 });
      },
    },
    store: { closedAlerts: async () => Promise.resolve([1, 3]), openCases: async () => Promise.resolve(2) },
  });
});

test('alerts in no closed case are counted by how telling they are', async () => {
  await open.look();
  expect(open.figures).toEqual({ alerts: { strong: 1, fair: 1, slight: 0 }, cases: 2 });
  expect(asked).toEqual([[{ event: 'alert', since: now - 30 * 86_400_000 }, 1000]]);
  await open.look();
  expect(asked).toHaveLength(1);
});

test.each([
  ['another gateway leads', () => (leads = false)],
  ['the record cannot be searched', () => (fails = true)],
])('nothing is told where %s', async (_what, change) => {
  await open.look();
  change();
  now += 60_000;
  await open.look();
  expect(open.figures).toBeNull();
});
