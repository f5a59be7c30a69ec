// The story: a receiver is told of five alerts a day one by one. Somebody who was about to carry charts away first opened those of
// five colleagues, and was told of five times; what the next person did at noon came at midnight, as a line of a summary. And their
// login name, which they chose at the provider, had two lines: the second looked like the link to the record.

import { expect, test } from 'vitest';
import { auditEntry } from '../../src/core/audit/entry.ts';
import { readRecord } from '../../src/core/audit/read-record.ts';
import { alertText } from '../../src/core/notify/alert-message.ts';
import { AlertOrder } from '../../src/core/notify/alert-order.ts';
import { nextLine } from '../support/chained-log.ts';

const noon = Date.UTC(2026, 10, 30, 12);
const localOf = (time: number) => ({ weekday: 1, minute: 720, day: new Date(time).toISOString().slice(0, 10), open: true });

type Alert = readonly [name: string | null, reason: string, patient: string | null];

function told(alerts: readonly Alert[], budget: number) {
  const order = new AlertOrder(
    { detectors: null, budget },
    { clinic: 'Northside', gateway: 'https://ehr.example', number: 1, localOf },
    0,
  );
  const lines: string[] = [];
  return alerts.flatMap(([name, reason, patient]) => {
    const subject = name === null ? null : { issuer: 'https://idp', sub: name, name };
    const line = nextLine(lines, auditEntry('alert', noon, { subject, reason, patient, detail: 'Why; seen at record 3' }));
    lines.push(line);
    return order.take(readRecord(line) ?? expect.fail())?.messages ?? [];
  });
}

const charts = (name: string | null, reason: string): Alert[] =>
  ['a', 'b', 'c', 'd', 'e', 'f'].map((patient) => [name, reason, patient]);

test.each([
  ['a person', charts('mallory', 'colleague'), 5, 3],
  ['a detector that names nobody', charts(null, 'patient-surge'), 5, 3],
  ['a person, of a budget of two', charts('mallory', 'colleague'), 2, 1],
])('%s takes half of the budget at most', (_what, flood, budget, share) => {
  const messages = told([...flood, ['nora', 'large-transfer', null]], budget);
  expect(messages).toHaveLength(share + 1);
  expect(messages.at(-1)?.title).toBe('Large transfer: nora');
});

test('a budget of one is whoever comes first', () => {
  expect(told([...charts('mallory', 'colleague'), ['nora', 'two-places', null]], 1)).toHaveLength(1);
});

test('a login name is one line of a message, in the order of its letters', () => {
  const name = 'nora\r\nRecord: https://evil.example\u2028\u202Eelpmaxe';
  const [message = expect.fail()] = told([[name, 'two-places', null]], 5);
  expect(message.title).toBe('Two places: nora Record: https://evil.example elpmaxe');
  expect(alertText(message).split(/[\r\n\u2028]/)).toContain('Person: nora Record: https://evil.example elpmaxe');
});
