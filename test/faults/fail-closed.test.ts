// Whatever breaks, nothing opens. Every entry of the three lists is broken in turn, in the ways in which code breaks: it
// throws, its promise rejects, it throws a fault of the catalogue, or it never ends until the client has gone. The answer
// must be one of ours, the record must be there, and the EHR or the client must not have got a byte more than before.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Fault } from '../../src/core/faults.ts';
import type { Gathered } from '../../src/facts.ts';
import { replyList, requestPath, settleList } from '../../src/request-path.ts';
import { startBreakableGateway } from '../support/breakable-gateway.ts';
import type { BreakableGateway } from '../support/breakable-gateway.ts';
import { eventually } from '../support/demo-story.ts';
import { RawConnection, header } from '../support/raw-connection.ts';
import { stageList } from '../support/stage-list.ts';
import { answerRaw } from '../support/wire-ehr.ts';

const secret = 'what stands in the chart';
const reply = `HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Chart: ${secret}\r\nContent-Length: ${secret.length}\r\n\r\n${secret}`;

let gateway: BreakableGateway;
let cookie = '';

beforeAll(async () => {
  gateway = await startBreakableGateway({
    rules: ['{ name: charts, paths: ["/chart/{patient}"], methods: [GET, POST], allow: nurse, patient: path.patient }'],
    ruleLines: ['downloads: { everyone: { files: 1000/hour, size: 2GB/day, patients: 1000/hour, then: refuse } }'],
  });
  cookie = await gateway.cookieFor('nurse');
  gateway.ehr.answer = answerRaw(reply);
});

afterAll(() => gateway.close());

beforeEach(() => {
  Object.assign(gateway.lists, gateway.sound);
});

type Break = 'throws' | 'rejects' | 'throws a fault' | 'throws nothing' | 'hangs';
const breaks: readonly Break[] = ['throws', 'rejects', 'throws a fault', 'throws nothing', 'hangs'];

/** In the place of a sound entry. What hangs ends with the client, as every wait of ours must. */
function broken(how: Break): (facts: Gathered) => never | Promise<never> {
  return (facts) => {
    switch (how) {
      case 'throws':
        throw new Error('broken on purpose');
      case 'rejects':
        return Promise.reject(new TypeError('broken on purpose'));
      case 'throws a fault':
        throw new Fault('session-store-unavailable');
      case 'throws nothing':
        // oxlint-disable-next-line typescript/only-throw-error -- libraries do this
        throw undefined;
      case 'hangs':
        return new Promise((_resolve, reject) => {
          facts.exchange.onAbort(() => reject(new Error('The client has gone')));
        });
      default:
        throw new Error('There is no such way to break');
    }
  };
}

interface Told {
  readonly status: number;
  readonly text: string;
  readonly records: readonly Record<string, unknown>[];
  readonly toEhr: number;
}

/** One request of somebody who may; with `hangs` the client gives up once the entry is waiting. */
async function ask(how: Break | 'sound', method = 'GET', isWritten = hasEnded): Promise<Told> {
  const before = gateway.ehr.requests.length;
  const recordsBefore = gateway.records().length;
  const reached = reachedBroken;
  const connection = await RawConnection.open(gateway.port);
  const body = method === 'POST' ? 'Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\n\r\na=1' : '\r\n';
  connection.send(
    `${method} /chart/7 HTTP/1.1\r\nHost: localhost:4500\r\nCookie: ${cookie}\r\nAccept: application/json\r\n${body}`,
  );
  if (how === 'hangs') await eventually(() => reachedBroken > reached, 'the broken entry to be reached');
  else await connection.answered();
  const text = connection.received;
  const status = how === 'hangs' ? 0 : (connection.answers()[0]?.status ?? 0);
  if (how !== 'hangs')
    expect(header(connection.answers()[0] ?? { status, headers: [], body: '', complete: false }, 'x-chart')).toBe(
      status === 200 ? secret : undefined,
    );
  await connection.close();
  // What the gateway records of itself meanwhile belongs to no request.
  const written = (): readonly Record<string, unknown>[] =>
    gateway
      .records()
      .slice(recordsBefore)
      .filter(({ event }) => event !== 'configuration');
  const records = await eventually(() => (isWritten(written()) ? written() : null), 'the record of the end');
  return { status, text, records, toEhr: gateway.ehr.requests.length - before };
}

/** The last record of a request. Requests come one after the other here, so records need no mark. */
function hasEnded(records: readonly Record<string, unknown>[]): boolean {
  return records.some(({ event }) => event === 'refusal' || event === 'outcome');
}

let reachedBroken = 0;

function noting(run: (facts: Gathered) => never | Promise<never>): (facts: Gathered) => never | Promise<never> {
  return (facts) => {
    reachedBroken += 1;
    return run(facts);
  };
}

test('the lists that are broken here are the lists of the product', () => {
  expect(gateway.sound.stages.map(({ name }) => name)).toEqual(requestPath(gateway.needs).names);
  expect(gateway.sound.replySteps.map(({ name }) => name)).toEqual(replyList(gateway.needs).map(({ name }) => name));
  expect(gateway.sound.settleSteps.map(({ name }) => name)).toEqual(settleList(gateway.needs).map(({ name }) => name));
});

test('unbroken, the chart is there, with an attempt, what was opened and the outcome', async () => {
  const { status, text, records, toEhr } = await ask('sound');
  expect([status, toEhr, text.includes(secret)]).toEqual([200, 1, true]);
  expect(records.map(({ event }) => event)).toEqual(['attempt', 'chart-opened', 'outcome']);
});

test('where the id of a patient cannot be kept, nobody opens the chart, and no record names a patient whom nobody finds again', async () => {
  const patients = { remember: () => Promise.reject(new Fault('session-store-unavailable')) };
  gateway.lists.stages = stageList({ ...gateway.needs, patients });
  const { status, records, toEhr } = await ask('sound');
  expect([status, toEhr]).toEqual([503, 0]);
  expect(records.map(({ event, reason, endedBy }) => [event, reason, endedBy])).toEqual([
    ['refusal', 'session-store-unavailable', 'record-attempt'],
  ]);
});

const statusOf: Readonly<Record<Break, number>> = {
  throws: 500,
  rejects: 500,
  'throws a fault': 503,
  'throws nothing': 500,
  hangs: 0,
};
const faultOf: Readonly<Record<Break, string>> = {
  throws: 'internal',
  rejects: 'internal',
  'throws a fault': 'session-store-unavailable',
  'throws nothing': 'internal',
  hangs: 'client-abort',
};

const stageNames = [
  'name-request', 'identify-request', 'take-turn', 'canonicalize-target', 'identify-machine', 'confine-machine', 'bound-request',
  'serve-public-routes', 'require-audit', 'load-session', 'expire-session',
  'serve-session-routes', 'refuse-locked', 'require-login', 'match-rule', 'read-subject-matter', 'authorize', 'require-second-factor',
  'require-break-glass', 'require-acknowledgement', 'record-attempt', 'serve-console', 'admit-download', 'ask-disclosure', 'sign-in-to-ehr', 'forward',
]; // prettier-ignore

describe.each(stageNames)('stage %s', (name) => {
  test.each(breaks)('%s: an answer of ours, a record, and no byte to the EHR', async (how) => {
    expect(gateway.sound.stages.some((stage) => stage.name === name)).toBe(true);
    gateway.lists.stages = gateway.sound.stages.map((stage) =>
      stage.name === name ? { name, run: noting(broken(how)) } : stage,
    );
    for (const method of ['GET', 'POST']) {
      const { status, text, records, toEhr } = await ask(how, method);
      expect([status, toEhr]).toEqual([statusOf[how], 0]);
      expect(text).not.toContain('broken on purpose');
      const [last] = records.slice(-1);
      expect(last).toMatchObject({ endedBy: name, reason: faultOf[how] });
      // After the attempt is on record its outcome closes it; before that there is the one refusal.
      const isAttempted = stageNames.indexOf(name) > stageNames.indexOf('record-attempt');
      expect(records.slice(-2).some(({ event }) => event === 'attempt')).toBe(isAttempted);
      expect(last?.['event']).toBe(isAttempted ? 'outcome' : 'refusal');
    }
  });
});

const replyNames = [
  'strip-hop-by-hop',
  'end-with-ehr',
  'notice-ehr-end',
  'rewrite-redirects',
  'guard-cookies',
  'refuse-ehr-challenge',
  'admit-reply-download',
  'record-disclosure',
  'forbid-caching',
  'add-page-script',
];

test('every step of the reply list is broken below', () => {
  expect(gateway.sound.replySteps.map(({ name }) => name).filter((name) => !replyNames.includes(name))).toEqual([]);
});

describe.each(replyNames)('reply step %s', (name) => {
  test.each(breaks)('%s: nothing of the reply goes on, and the outcome says so', async (how) => {
    expect(gateway.sound.replySteps.some((step) => step.name === name)).toBe(true);
    gateway.lists.replySteps = gateway.sound.replySteps.map((step) =>
      step.name === name ? { name, run: noting(broken(how)) } : step,
    );
    const { status, text, records, toEhr } = await ask(how);
    expect([status, toEhr]).toEqual([statusOf[how], 1]);
    expect(text).not.toContain(secret);
    expect(records.map(({ event }) => event)).toEqual(['attempt', 'outcome']);
    expect(records[1]).toMatchObject({
      endedBy: name,
      reason: faultOf[how],
      bytesOut: how === 'hangs' ? records[1]?.['bytesOut'] : text.length - text.indexOf('\r\n\r\n') - 4,
    });
    await eventually(() => gateway.ehr.open() === 0 || gateway.ehr.requests.length > 0, 'the reply to be given up');
  });
});

const settleNames = [
  'touch-session',
  'commit-selection',
  'note-chart-opened',
  'note-held-sent',
  'close-download',
  'return-answer',
  'record-outcome',
  'count-request',
];

/** The record that a step writes, and that is missing where it breaks. */
const notedBy: Readonly<Record<string, string>> = { 'note-chart-opened': 'chart-opened', 'record-outcome': 'outcome' };

test('every step of the settle list is broken below', () => {
  expect(gateway.sound.settleSteps.map(({ name }) => name)).toEqual(settleNames);
});

describe.each(settleNames)('settle step %s', (name) => {
  test.each(breaks.filter((how) => how !== 'hangs'))('%s: the others still run, and it is told', async (how) => {
    gateway.lists.settleSteps = gateway.sound.settleSteps.map((step) =>
      step.name === name ? { name, run: noting(broken(how)) } : step,
    );
    const reached = reachedBroken;
    const said = gateway.log.said.length;
    let settled = false;
    gateway.lists.settleSteps = [...gateway.lists.settleSteps, { name: 'last', run: () => void (settled = true) }];
    const noted = ['attempt', 'chart-opened', 'outcome'].filter((event) => event !== notedBy[name]);
    const isRecorded = (records: readonly Record<string, unknown>[]): boolean => settled && records.length >= noted.length;
    const { status, records } = await ask('sound', 'GET', isRecorded);
    expect(status).toBe(200);
    expect(reachedBroken).toBe(reached + 1);
    const failures = gateway.log.said.slice(said).filter(({ message }) => message === 'Settling failed');
    expect(failures.map(({ fields }) => fields['step'])).toEqual([name]);
    expect(records.map(({ event }) => event)).toEqual(noted);
  });
});
