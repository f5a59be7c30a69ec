// What appointments and rosters say of the openings in a review stands beside them, and of nothing else.

import { expect, test } from 'vitest';
import { explainedItems } from '../../src/console/explained-records.ts';
import { reviewPage } from '../../src/console/review-page.ts';
import type { Review, ReviewItem } from '../../src/core/review/review.ts';
import type { AskedOpening } from '../../src/relation-ports.ts';

const token = `~${'a'.repeat(26)}`;
const jane = { issuer: 'i', sub: 'j', name: 'jane' };

function item(number: number, kind: string, fields: Partial<ReviewItem> = {}): ReviewItem {
  const facts = { record: 10 + number, time: number, person: jane, roles: 'nurse', patient: token, words: 'GET /chart' };
  return { number, kind, ...facts, disposed: null, ...fields };
}

const items = [
  item(1, 'chart'),
  item(2, 'emergency'),
  item(3, 'denied'),
  item(4, 'chart', { patient: null }),
  item(5, 'chart', { person: null }),
  item(6, 'chart', { patient: '7' }),
];
const review: Review = {
  id: 'monthly-2026-11',
  kind: 'monthly',
  period: '2026-11',
  since: 0,
  until: 9,
  preparedAt: 10,
  dueAt: 20,
  population: { records: 6, people: 1, patients: 1, chartsOpened: 4, isCut: false },
  gaps: [],
  unwatchedMilliseconds: 0,
  sample: null,
  items,
  statement: null,
  signedAt: null,
  overdueAt: null,
};

test('charts and emergency accesses are asked about, and the answer is on the page', async () => {
  const asked: AskedOpening[] = [];
  const explain = async (openings: readonly AskedOpening[]) => {
    asked.push(...openings);
    return openings.map(({ time }) =>
      time === 1 ? { state: 'unexplained' as const, words: 'no appointment <that> day' } : null,
    );
  };
  const explained = await explainedItems({ explain }, items);
  expect(asked).toEqual([1, 2].map((time) => ({ time, patient: token, person: jane })));
  expect([...explained.keys()]).toEqual([11]);
  const view = { review, list: '', unaltered: null, opened: null, cases: [] };
  const clinic = { name: 'Northside', help: 'IT', timezone: 'America/Chicago' };
  const page = reviewPage({
    clinic,
    view,
    done: null,
    reviewer: null,
    deputy: null,
    explained,
    known: new Map(),
    told: null,
    filled: null,
    from: 1,
  });
  expect(page.match(/<strong>unexplained<\/strong>: no appointment &lt;that&gt; day/g)).toHaveLength(1);
});
