// The EHR's own scripts wait for an answer in their own words when a session is over. Over a real socket, with the record
// beside it: what is told is the script's word, what is recorded is the refusal.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { Answer } from '../../src/core/answer.ts';
import { reasons } from '../../src/core/reasons.ts';
import type { Reason } from '../../src/core/reasons.ts';
import { parsePattern } from '../../src/core/policy/path-pattern.ts';
import { canonicalize } from '../../src/core/target/canonicalize.ts';
import { NodeExchange } from '../../src/http/node-exchange.ts';
import { serve } from '../../src/http/serve.ts';
import { recordOutcome } from '../../src/settle/record-outcome.ts';
import { CookieClient } from '../support/cookie-client.ts';
import { applicationOf } from '../support/edge-facts.ts';
import { FakeAuditLog, FakeClock, FakeLog } from '../support/fake-ports.ts';
import { fakeToken } from '../support/fake-patients.ts';

const page = { accept: 'text/html', 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'navigate' };
const frame = { accept: 'text/html', 'sec-fetch-dest': 'iframe', 'sec-fetch-mode': 'navigate' };
const script = { 'sec-fetch-dest': 'empty', 'sec-fetch-mode': 'cors' };

const expired = [
  { pattern: patternOf('/library/ajax/*.php'), json: '{"timeoutMessage":"timeout"}' },
  { pattern: patternOf('/library/**'), json: '[]' },
];

function patternOf(source: string) {
  const pattern = parsePattern(source);
  if ('problem' in pattern) throw new Error(pattern.problem);
  return pattern;
}

/** A gateway whose path ends every request with one answer; what is recorded stands in `audit`. */
async function endingWith(answer: Answer, shapes = expired) {
  const audit = new FakeAuditLog();
  const clock = new FakeClock();
  const settle = recordOutcome({
    audit,
    clock,
    hashTarget: () => 'hash',
    recordedToken: fakeToken,
    mayRecordAnonymous: () => true,
    mayRecordRefusal: () => true,
    onLost: (cause) => expect.fail(String(cause)),
  });
  const server = createServer((request, response) => {
    const limits = { bodyBytes: 1000, minimumBytesPerSecond: 1, stallSeconds: 10 };
    const exchange = new NodeExchange(request, response, null, limits);
    const target = canonicalize(exchange.rawTarget, 'generic', 8192);
    const facts = {
      exchange,
      id: 'r1',
      application: applicationOf({ expired: shapes }),
      ...('reason' in target ? {} : { target }),
    };
    void serve(
      {
        path: { run: () => Promise.resolve({ ended: true, endedBy: 'require-login', answer, facts }) },
        replySteps: [],
        settleSteps: [{ name: 'record-outcome', run: settle }],
        log: new FakeLog(),
        recordedToken: fakeToken,
        clinic: { name: 'Northside', help: 'ext. 4357', language: 'en' },
        send: () => expect.fail('Something was sent on'),
      },
      exchange,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, audit };
}

const refusal = (reason: Reason): Answer => ({ kind: 'refusal', reason, remedy: '/.wardgate/sign-in?return=%2F' });
const over = ['sign-in-required', 'session-expired'] as const;

test.each(over.flatMap((reason) => [page, frame, script].map((headers) => [reason, headers] as const)))(
  '%s is told in the words of the EHR to %j',
  async (reason, headers) => {
    const { origin, audit } = await endingWith(refusal(reason));
    const reply = await new CookieClient().ask(`${origin}/library/ajax/poll.php?pid=7`, { headers });
    expect([reply.status, reply.headers['content-type'], reply.text]).toEqual([
      200,
      'application/json',
      '{"timeoutMessage":"timeout"}',
    ]);
    expect([reply.headers['cache-control'], reply.headers['x-content-type-options']]).toEqual(['no-store', 'nosniff']);
    await expect.poll(() => audit.entries).toMatchObject([{ event: 'refusal', decision: 'refused', reason, status: 200 }]);
  },
);

test.each([
  ['/library/ajax/poll.php', '{"timeoutMessage":"timeout"}'],
  ['/library/other', '[]'],
  ['/library/ajax/%70oll.php', '{"timeoutMessage":"timeout"}'],
])('%s gets the first that fits', async (path, text) => {
  const { origin } = await endingWith(refusal('sign-in-required'));
  expect((await new CookieClient().ask(origin + path, { headers: script })).text).toBe(text);
});

test('a lock is told in no such words: its page would leave, and what was typed with it', async () => {
  const { origin } = await endingWith(refusal('session-locked'));
  const reply = await new CookieClient().ask(`${origin}/library/ajax/poll.php`, { headers: script });
  expect([reply.status, reply.headers['wardgate-session']]).toEqual([423, 'locked']);
});

test('a POST gets it as well, a HEAD without its body', async () => {
  const { origin } = await endingWith(refusal('session-expired'));
  const posted = await new CookieClient().ask(`${origin}/library/x`, { method: 'POST', body: 'a=1', headers: script });
  expect([posted.status, posted.text]).toEqual([200, '[]']);
  const head = await new CookieClient().ask(`${origin}/library/x`, { method: 'HEAD', headers: script });
  expect([head.status, head.text, head.headers['content-length']]).toEqual([200, '', '2']);
});

test.each(over)('%s elsewhere stays what it is', async (reason) => {
  const { origin, audit } = await endingWith(refusal(reason));
  const scripted = await new CookieClient().ask(`${origin}/main`, { headers: script });
  expect([scripted.status, JSON.parse(scripted.text)]).toMatchObject([reasons[reason].status, { reason }]);
  expect((await new CookieClient().ask(`${origin}/main`, { headers: page })).status).toBe(303);
  await expect.poll(() => audit.entries.map(({ status }) => status)).toHaveLength(2);
});

test.each([
  refusal('no-rule'),
  refusal('second-factor-required'),
  refusal('ehr-credential-refused'),
  refusal('ehr-session-ended'),
])('%j is no end of a session of ours', async (answer) => {
  const { origin } = await endingWith(answer);
  const reply = await new CookieClient().ask(`${origin}/library/ajax/poll.php`, { headers: script });
  expect(reply.headers['content-type']).toBe('application/problem+json');
});

test('a fault is never told as the end of a session', async () => {
  const { origin } = await endingWith({ kind: 'fault', code: 'session-store-unavailable' });
  const reply = await new CookieClient().ask(`${origin}/library/ajax/poll.php`, { headers: script });
  expect(reply.status).toBe(503);
});

test('an address that has no canonical form, and an application that expects nothing, get the refusal', async () => {
  const none = await endingWith(refusal('sign-in-required'), []);
  expect((await new CookieClient().ask(`${none.origin}/library/x`, { headers: script })).status).toBe(401);
  const { origin } = await endingWith(refusal('sign-in-required'));
  expect((await new CookieClient().ask(`${origin}/library//x`, { headers: script })).status).toBe(401);
});
