// Every refusal of the request path, one request for each: the reason is the one that is meant, it stands in one record, and
// not one byte of it reaches the EHR. The reasons that are not here are told with the test that has them, so that a new one
// cannot be forgotten.

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { reasons } from '../../src/core/reasons.ts';
import type { Reason } from '../../src/core/reasons.ts';
import { askMany } from '../support/ask-many.ts';
import { eventually } from '../support/demo-story.ts';
import { startSessionGateway } from '../support/session-gateway.ts';
import type { SessionGateway } from '../support/session-gateway.ts';

let place: SessionGateway;
let cookie = '';

beforeAll(async () => {
  place = await startSessionGateway({
    applications: { ehr: ['methodOverrideParameters: [_method]', 'patientId: digits'] },
    ruleLines: ['denyAlways: [/never]'],
    limits: ', formTimeout: 1s, form: 1KiB, body: 1MiB, anonymousRecordsPerMinute: 1000, refusalRecordsPerMinute: 1000',
    rules: [
      '{ name: shut, paths: [/shut], allow: it }',
      '{ name: console, area: wardgate.console, allow: it }',
      '{ name: asleep, paths: [/night], allow: everyone, hours: Mon 03:00-03:01 }',
      '{ name: emergency, paths: [/emergency], allow: it, emergency: nurse }',
      '{ name: chart, paths: [/chart], methods: [GET, POST], allow: everyone, patient: query.pid }',
      '{ name: delete, paths: [/form], methods: [POST], allow: it, when: { form: { delete: present } } }',
      '{ name: form, paths: [/form], methods: [POST], allow: everyone }',
      '{ name: page, paths: [/page], methods: [GET, POST, DELETE], allow: everyone }',
    ],
  });
  cookie = await place.cookieFor('nurse');
});
afterAll(() => place.close());

const form = 'Content-Type: application/x-www-form-urlencoded';
const socket = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='];
const own = (): string => `Origin: http://${place.host()}`;

interface Sent {
  readonly line?: string;
  readonly headers?: readonly string[];
  readonly body?: string;
  /** Instead of the one Host that is right. */
  readonly host?: string | null;
  readonly cookie?: null;
}

const requests: Partial<Record<Reason, () => Sent>> = {
  'host-ambiguous': () => ({ host: null }),
  'host-unknown': () => ({ host: 'elsewhere.example' }),
  'version-unsupported': () => ({ line: 'GET /page HTTP/1.0' }),
  'method-not-allowed': () => ({ line: 'TRACE /page HTTP/1.1' }),
  'target-malformed': () => ({ line: 'GET /x/../page HTTP/1.1' }),
  'target-too-long': () => ({ line: `GET /${'a'.repeat(9000)} HTTP/1.1` }),
  'header-malformed': () => ({ headers: ['User-Agent: a', 'User-Agent: b'] }),
  'headers-too-large': () => ({ headers: [`Cookie: ${'a=b; '.repeat(400)}`] }),
  'framing-refused': () => ({ line: 'POST /page HTTP/1.1', headers: ['Content-Length: 01'], body: 'a' }),
  'transfer-coding-refused': () => ({ line: 'POST /page HTTP/1.1', headers: ['Transfer-Encoding: ,chunked'], body: '0\r\n\r\n' }),
  'expectation-refused': () => ({ headers: ['Expect: 200-ok'] }),
  'body-too-large': () => ({ line: 'POST /page HTTP/1.1', headers: ['Content-Length: 1048577'] }),
  'body-too-slow': () => ({ line: 'POST /form HTTP/1.1', headers: [form, 'Content-Length: 9'], body: 'a' }),
  'body-not-accepted': () => ({ headers: ['Content-Length: 1'], body: 'a' }),
  'method-override-refused': () => ({ line: 'GET /page?_method=DELETE HTTP/1.1' }),
  'origin-not-permitted': () => ({ line: 'DELETE /page HTTP/1.1', headers: ['Origin: https://evil.example'] }),
  'upgrade-malformed': () => ({ headers: [own(), 'Sec-WebSocket-Version: 13', 'Connection: Upgrade', 'Upgrade: websocket'] }),
  'upgrade-version': () => ({ headers: [own(), 'Sec-WebSocket-Version: 8', ...socket] }),
  'page-not-found': () => ({ line: 'GET /.wardgate/nothing HTTP/1.1' }),
  'sign-in-required': () => ({ cookie: null }),
  'no-rule': () => ({ line: 'GET /unheard-of HTTP/1.1' }),
  'denied-always': () => ({ line: 'GET /never HTTP/1.1' }),
  'role-not-permitted': () => ({ line: 'GET /shut HTTP/1.1' }),
  'hours-not-permitted': () => ({ line: 'GET /night HTTP/1.1' }),
  'upgrade-not-permitted': () => ({ headers: [own(), 'Sec-WebSocket-Version: 13', ...socket] }),
  'case-ambiguous': () => ({ line: 'GET /SHUT HTTP/1.1' }),
  'field-ambiguous': () => ({ line: 'POST /form?delete=1 HTTP/1.1', headers: [form, 'Content-Length: 1'], body: 'a' }),
  'form-unreadable': () => ({ line: 'POST /form HTTP/1.1', headers: ['Content-Length: 1'], body: 'a' }),
  'form-too-large': () => ({ line: 'POST /form HTTP/1.1', headers: [form, 'Content-Length: 1025'], body: 'a'.repeat(1025) }),
  'patient-ambiguous': () => ({ line: 'GET /chart?pid=007 HTTP/1.1' }),
  'break-glass-required': () => ({ line: 'GET /emergency HTTP/1.1' }),
};

/** Where the others are seen to leave the EHR alone. */
const elsewhere: Partial<Record<Reason, string>> = {
  'emergency-closed': 'test/scenarios/emergency-sign-in.test.ts',
  'form-not-kept': 'test/scenarios/step-up.test.ts',
  'length-required': 'no stage gives it; Node hands on no request whose length must be guessed',
  'session-expired': 'test/scenarios/sessions.test.ts',
  'session-locked': 'test/scenarios/locking.test.ts',
  'unlock-not-yours': 'test/scenarios/locking.test.ts',
  'post-not-held': 'test/scenarios/held-posts.test.ts',
  'held-post-other-patient': 'test/regressions/kept-note-in-another-chart.test.ts',
  'post-held': 'test/regressions/note-lost-with-the-ehr-session.test.ts',
  'held-post-gone': 'test/scenarios/held-posts.test.ts',
  'held-post-by-rule': 'test/scenarios/held-posts.test.ts',
  'sign-in-failed': 'test/corpora/oidc-negative.test.ts',
  'logout-token-refused': 'test/sign-in/back-channel-logout.test.ts',
  'no-role': 'test/scenarios/roles.test.ts',
  'groups-overage': 'test/scenarios/roles.test.ts',
  'second-factor-required': 'test/scenarios/rules.test.ts',
  'second-factor-wrong': 'test/scenarios/audit-content.test.ts',
  'passkey-copied': 'test/sign-in/passkey-attacks.test.ts',
  'last-factor': 'test/sign-in/passkey-attacks.test.ts',
  'second-factor-blocked': 'test/scenarios/second-factor-attacks.test.ts',
  'enrolment-not-permitted': 'test/sign-in/sign-in-story.test.ts',
  'device-not-permitted': 'test/scenarios/devices.test.ts',
  'pin-not-here': 'test/scenarios/device-pin.test.ts',
  'pin-wrong': 'test/scenarios/device-pin.test.ts',
  offboarded: 'test/scenarios/user-orders.test.ts',
  'zone-not-permitted': 'test/scenarios/rules.test.ts',
  'slash-ambiguous': 'test/regressions/slash-at-the-end.test.ts',
  'export-not-permitted': 'test/regressions/bytes-past-the-budget.test.ts',
  'disclosure-unanswered': 'test/scenarios/disclosures.test.ts',
  'disclosure-not-stated': 'test/scenarios/disclosures-machines.test.ts',
  restricted: 'test/scenarios/alert-responses.test.ts',
  'budget-exhausted': 'test/scenarios/downloads.test.ts',
  'ehr-credential-required': 'test/scenarios/forwarding.test.ts',
  'ehr-credential-refused': 'test/scenarios/openemr-passwords.test.ts',
  'ehr-password-change': 'test/stages/sign-in-to-ehr.test.ts',
  'ehr-sign-on-unrecognised': 'test/scenarios/openemr-passwords.test.ts',
  'ehr-sign-on-paused': 'test/scenarios/openemr-passwords.test.ts',
  'ehr-account-missing': 'test/stages/sign-in-to-ehr.test.ts',
  'ehr-session-ended': 'test/stages/sign-in-to-ehr.test.ts',
  'machine-unknown': 'test/scenarios/machines.test.ts',
  'caller-ambiguous': 'test/scenarios/machines.test.ts',
  'machine-not-permitted': 'test/scenarios/machines.test.ts',
  'too-many-attempts': 'test/sign-in/credential-route.test.ts',
};

test('every reason there is stands in one of the two lists', () => {
  expect([...Object.keys(requests), ...Object.keys(elsewhere)].toSorted()).toEqual(Object.keys(reasons).toSorted());
  const named = Object.entries(elsewhere).filter(([, where]) => where.startsWith('test/'));
  expect(named.filter(([reason, file]) => !readFileSync(file, 'utf8').includes(reason))).toEqual([]);
});

test.each(Object.entries(requests))('%s', async (reason, request) => {
  const { line = 'GET /page HTTP/1.1', headers = [], body = '', host = place.host(), cookie: none } = request();
  const logged = place.records().length;
  const lines = [line, ...(host === null ? [] : [`Host: ${host}`]), ...(none === null ? [] : [`Cookie: ${cookie}`])];
  const text = [...lines, 'Accept: application/json', ...headers, '', body].join('\r\n');
  const [answer] = await askMany(place.gateway.port, [text]);
  expect(answer?.status).toBe(reasons[reason as Reason].status);
  expect(answer?.body).toContain(`"reason":"${reason}"`);
  const written = await eventually(() => {
    const found = place.records().slice(logged);
    return found.length > 0 && found;
  }, 'the record of the refusal');
  expect(written.map((record) => [record['event'], record['reason']])).toEqual([['refusal', reason]]);
  expect(place.ehr.accepted()).toBe(0);
});
