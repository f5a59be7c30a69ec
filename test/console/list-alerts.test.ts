// The lists of alerts and cases, page by page: nothing is dropped without a word, and what is about the reader is in neither.

import { expect, test } from 'vitest';
import { alertsAddress, readAlertsForm } from '../../src/console/review/alerts-query.ts';
import { listAlerts } from '../../src/console/review/list-alerts.ts';
import type { ListAlertsNeeds } from '../../src/console/review/list-alerts.ts';
import type { Case, CaseAlert } from '../../src/core/cases/case.ts';

const person = (name: string) => ({ issuer: 'https://op.example', sub: name, name, key: `https://op.example ${name}` });
const alertAt = (sequence: number): CaseAlert => ({
  sequence,
  time: sequence,
  detector: 'colleague',
  person: person(sequence % 2 === 0 ? 'jane' : 'rita'),
  patient: null,
  words: 'x',
});
const caseAt = (at: number): Case => ({
  id: `c${at}`,
  openedAt: at,
  person: person(at % 2 === 0 ? 'jane' : 'rita'),
  patient: null,
  alerts: [],
  steps: [],
});

/** A desk with so many alerts and cases, the higher numbers being newer; every other one is about rita, who reads. */
function desk(alerts: number, cases: number): ListAlertsNeeds {
  const down = (count: number) => Array.from({ length: count }, (_, at) => count - at);
  return {
    cases: {
      alerts: async ({ before = Infinity, most }) => {
        const fit = down(alerts).filter((one) => one < before);
        const page = fit.slice(0, most).map((one) => alertAt(one));
        return { alerts: page, next: fit.length > most ? (page.at(-1)?.sequence ?? null) : null };
      },
      list: async ({ behind = 'c999999', most, person: key }) => {
        const fit = down(cases).filter((one) => one < Number(behind.slice(1)));
        return fit
          .map((one) => caseAt(one))
          .filter((one) => key === undefined || one.person?.key === key)
          .slice(0, most);
      },
      ofAlert: async () => null,
    },
    patients: { show: async () => new Map() },
    localDay: () => '2026-11-30',
  };
}

test('every alert and every case is on one page, whoever it is about, and none of the reader’s own on any', async () => {
  const needs = desk(450, 120);
  const [alerts, cases]: [number[], string[]] = [[], []];
  let form = readAlertsForm(null);
  for (let pages = 0; pages < 9; pages += 1) {
    const { groups, older, cases: shown, olderCases } = await listAlerts(needs, form, person('rita'), 0);
    if (form.before !== null || pages === 0) alerts.push(...groups.flatMap((one) => one.alerts.map(({ sequence }) => sequence)));
    if (form.behind !== null || pages === 0) cases.push(...shown.map(({ id }) => id));
    if (older === null && olderCases === null) break;
    form = readAlertsForm(alertsAddress(form, { before: older, behind: olderCases }).split('?')[1] ?? '');
  }
  expect(alerts).toEqual(Array.from({ length: 225 }, (_, at) => 450 - 2 * at));
  expect(cases).toEqual(Array.from({ length: 60 }, (_, at) => `c${120 - 2 * at}`));
});

test('who has an open case and an alert in none can have the two put together', async () => {
  const { addTo } = await listAlerts(desk(4, 5), readAlertsForm(null), null, 0);
  expect([...addTo]).toEqual([
    [person('jane').key, 'c4'],
    [person('rita').key, 'c5'],
  ]);
});

const usual = { person: '', state: 'open', detector: '', days: 7, before: null, behind: null };
test.each([
  [null, {}],
  ['person=jane&cases=all&detector=colleague&days=30', { person: 'jane', state: 'all', detector: 'colleague', days: 30 }],
  ['detector=review&before=7&behind=c-1', { detector: 'review', before: 7, behind: 'c-1' }],
  ['cases=whatever&detector=nobody&days=9&before=-1&behind=%27x', {}],
  ['before=1.5&person=', {}],
])('of %s is asked what the form knows', (query, asked) => {
  const form = readAlertsForm(query);
  expect(form).toEqual({ ...usual, ...asked });
  expect(readAlertsForm(alertsAddress(form, {}).split('?')[1] ?? '')).toEqual(form);
});
