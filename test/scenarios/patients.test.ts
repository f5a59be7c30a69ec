// Whose chart a request concerns, where the EHR carries the patient from page to page: what was selected counts once the
// EHR said so, and what nobody can know is refused instead of guessed.

import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Demo } from '../../src/cli/start-demo.ts';
import {
  arrive,
  browserWith,
  codeAt,
  expectRefused,
  recordsOf,
  roleLines,
  script,
  sessionCookie,
} from '../support/clinic-story.ts';
import type { CookieClient, Reply } from '../support/cookie-client.ts';
import { eventually, records, story } from '../support/demo-story.ts';
import { ShiftingClock } from '../support/shifting-clock.ts';

const rules = `${roleLines}
rules:
  - { name: chart, paths: [/chart], patient: [query.set_pid, query.pid, session], selectsPatient: query.set_pid, allow: [physician, nurse], export: nobody }
  - { name: pieces, paths: [/chart/vitals], patient: [query.pid, session], allow: [physician, nurse] }
  - { name: notes, paths: [/chart/notes], methods: [GET, POST], patient: [query.pid, session], allow: [physician, nurse] }
  - { name: own-notes, paths: [/documents], methods: [GET, POST], patient: [form.pid, session], allow: [physician, nurse] }
  - { name: leave, paths: [/login, /logout], methods: [GET, POST], clearsPatient: true, allow: everyone }
  - { name: fresh, paths: [/welcome], freshFactor: 5m, allow: everyone }
  - { name: rest, paths: [/main, /finder], allow: everyone }
`;

const form = 'application/x-www-form-urlencoded';

describe("with the demo's EHR, which reads parameters as PHP does", () => {
  let demo: Demo;
  let client: CookieClient;
  const clock = new ShiftingClock();
  const url = (path: string): string => demo.origin + path;
  beforeAll(async () => {
    demo = await story({ rules, clock, idle: '12h' });
    client = await arrive(demo, 'nurse', clock);
  });
  afterAll(async () => demo.close());
  beforeEach(async () => void (await select('7')));

  const select = (pid: string) => script(client, url(`/chart?set_pid=${pid}`));
  const lastAttempt = (): Record<string, unknown> | undefined => recordsOf(demo, 'attempt').at(-1);
  const carries = async (pid: string): Promise<void> => {
    expect((await script(client, url('/chart/vitals'))).status).toBe(200);
    expect(lastAttempt()).toMatchObject({ rule: 'pieces', patient: pid, patientSource: 'session' });
    const reminders = await script(client, url('/chart/notes'));
    expect(reminders.status).toBe(200);
  };

  test('a selection is recorded itself, and everything behind it carries the patient', async () => {
    await select('9');
    expect(lastAttempt()).toMatchObject({ rule: 'chart', patient: '9', patientSource: 'query' });
    await carries('9');
    await script(client, url('/chart/notes?pid=3'));
    expect(lastAttempt()).toMatchObject({ patient: '3', patientSource: 'query' });
    await carries('9');
  });

  test('HEAD selects as GET does, because the program behind runs either way', async () => {
    expect((await script(client, url('/chart?set_pid=11'), { method: 'HEAD' })).status).toBe(200);
    expect(lastAttempt()).toMatchObject({ method: 'HEAD', patient: '11' });
    await carries('11');
  });

  test('a selection that a rule refuses selects nothing', async () => {
    await expectRefused(
      demo,
      () => script(client, url('/chart?set_pid=12'), { method: 'POST', body: '', headers: { 'content-type': form } }),
      403,
      'no-rule',
    );
    await expectRefused(demo, () => script(client, url('/chart?set_pid=13'), { method: 'PUT' }), 403, 'no-rule');
    await carries('7');
  });

  test('a patient whom the EHR does not know leaves the one that was', async () => {
    expect((await select('999')).status).toBe(404);
    expect(recordsOf(demo, 'attempt').at(-1)).toMatchObject({ patient: '999' });
    await carries('7');
  });

  test('a decoy in the body is not the patient', async () => {
    const reply = await script(client, url('/chart/notes'), {
      method: 'POST',
      body: 'note=hello&pid=13&set_pid=13',
      headers: { 'content-type': form },
    });
    expect(reply.status).toBe(302);
    expect(lastAttempt()).toMatchObject({ patient: '7', patientSource: 'session' });
    await carries('7');
  });

  test.each`
    query                    | pid
    ${'set_pid=9'}           | ${'9'}
    ${'set.pid=9'}           | ${'9'}
    ${'set%20pid=9'}         | ${'9'}
    ${'set+pid=9'}           | ${'9'}
    ${'set[pid=9'}           | ${'9'}
    ${'set%5Fpid=9'}         | ${'9'}
    ${'%73et_pid=9'}         | ${'9'}
    ${'set_pid%00=9'}        | ${'9'}
    ${'%20set_pid=9'}        | ${'9'}
    ${'set_pid=9&set_pid=9'} | ${'9'}
    ${'x=1&&set_pid=9'}      | ${'9'}
    ${'set_pid=%39'}         | ${'9'}
  `('"$query" is read as PHP reads it', async ({ query, pid }: { query: string; pid: string }) => {
    await script(client, url(`/chart?${query}`));
    expect(lastAttempt()).toMatchObject({ rule: 'chart', patient: pid, patientSource: 'query' });
    const outcome = await eventually(
      () => records(demo).find((one) => one['event'] === 'outcome' && one['request'] === lastAttempt()?.['request']),
      'the outcome',
    );
    expect(outcome).toMatchObject({ patient: pid });
  });

  test.each([
    'set_pid=9&set_pid=8',
    'set_pid=9&set.pid=8',
    'set_pid[]=9',
    'set_pid[0]=9',
    'set_pid=9&set_pid[]=8',
    'set_pid=%zz',
    'set_pid=9%00',
    'set_pid=9%E2%80%8B',
    `set_pid=${'9'.repeat(300)}`,
  ])('"%s" is refused', async (query) => {
    await expectRefused(demo, () => script(client, url(`/chart?${query}`)), 400, 'patient-ambiguous');
    await carries('7');
  });

  test('other capitals are another name to PHP, and the page leans on the session', async () => {
    expect((await script(client, url('/chart?SET_PID=9'))).status).toBe(200);
    expect(lastAttempt()).toMatchObject({ patient: '7', patientSource: 'session' });
  });

  test('signing in to the EHR anew, or leaving it, forgets the patient', async () => {
    await script(client, url('/logout'));
    await script(client, url('/chart/vitals'));
    expect(lastAttempt()).toMatchObject({ rule: 'pieces', patientSource: 'unresolved' });
    expect(lastAttempt()).not.toHaveProperty('patient');
  });

  test('a new session of the EHR, which it opens by itself, carries nobody', async () => {
    client.jar.get(new URL(demo.origin).host)?.delete('MBSESSION');
    expect((await script(client, url('/finder'))).headers['set-cookie']).toEqual([expect.stringContaining('MBSESSION=')]);
    expect((await script(client, url('/chart/vitals'))).text).toContain('No patient selected');
    expect(lastAttempt()).toMatchObject({ rule: 'pieces', patientSource: 'unresolved' });
    expect(lastAttempt()).not.toHaveProperty('patient');
    await select('9');
    await carries('9');
  });

  test('each session of the EHR carries its own patient, and one that nobody was given carries nobody', async () => {
    const jar = client.jar.get(new URL(demo.origin).host);
    const first = jar?.get('MBSESSION') ?? '';
    jar?.delete('MBSESSION');
    await select('9');
    await carries('9');
    const second = jar?.get('MBSESSION') ?? '';
    jar?.set('MBSESSION', first);
    await carries('7');
    const both = `${client.cookieHeader(demo.origin)}; MBSESSION=x; MBSESSION=${second}`;
    await script(client, url('/chart/vitals'), { headers: { cookie: both } });
    expect(lastAttempt()).toMatchObject({ patient: '7', patientSource: 'session' });
    const seen = demo.ehr
      .requests()
      .at(-1)
      ?.headers.filter((value) => value.includes('MBSESSION='));
    expect(seen).toEqual([`MBSESSION=${first}`]);
    jar?.set('MBSESSION', second);
    await carries('9');
  });

  test('two sessions of one person carry two patients', async () => {
    clock.forward({ minutes: 1 });
    const other = await arrive(demo, 'nurse', clock);
    await script(other, url('/chart/vitals'));
    expect(lastAttempt()).toMatchObject({ patientSource: 'unresolved' });
    await script(other, url('/chart?set_pid=21'));
    await carries('7');
    await script(other, url('/chart/vitals'));
    expect(lastAttempt()).toMatchObject({ patient: '21', patientSource: 'session' });
  });

  test('a field that a rule reads from the form is the patient, and two of it are refused', async () => {
    const post = (body: string) => script(client, url('/documents'), { method: 'POST', body, headers: { 'content-type': form } });
    await post('pid=5');
    expect(lastAttempt()).toMatchObject({ patient: '5', patientSource: 'form' });
    await post('other=5');
    expect(lastAttempt()).toMatchObject({ patient: '7', patientSource: 'session' });
    await expectRefused(demo, () => post('pid=5&pid=6'), 400, 'patient-ambiguous');
    await expectRefused(demo, () => post('pid[]=5'), 400, 'patient-ambiguous');
    await expectRefused(
      demo,
      () =>
        script(client, url('/documents'), { method: 'POST', body: '{"pid":5}', headers: { 'content-type': 'application/json' } }),
      400,
      'form-unreadable',
    );
  });

  test('the selection goes along when a step-up gives the session a new id', async () => {
    clock.forward({ minutes: 6 });
    await client.form(url('/.wardgate/step-up?return=%2Fwelcome'), { code: codeAt(demo, 'nurse', clock) });
    await carries('7');
  });
});

describe('with an EHR that takes its time', () => {
  let demo: Demo;
  let ehr: SlowEhr;
  let client: CookieClient;
  const clock = new ShiftingClock();
  const url = (path: string): string => demo.origin + path;
  const lastAttempt = (): Record<string, unknown> | undefined => recordsOf(demo, 'attempt').at(-1);

  beforeAll(async () => {
    ehr = await SlowEhr.open();
    demo = await story({
      rules,
      clock,
      idle: '12h',
      gatewayLines: ['limits: { selectionWait: 1s }'],
      applicationLines: ['parameters: php', 'sessionCookie: SID', 'signOn: none'],
      rewriteGateway: (yaml) => yaml.replace(/upstream: .*/, `upstream: http://127.0.0.1:${ehr.port}`),
    });
    client = await arrive(demo, 'nurse', clock);
  });
  afterAll(async () => {
    await demo.close();
    await ehr.close();
  });
  afterEach(async () => {
    ehr.answerAll(200);
    await script(client, url('/chart?set_pid=1'));
  });

  const ask = (path: string) => script(client, url(path));
  /** Starts a selection that the EHR holds back; the reply comes in an object, so that nobody waits for it here. */
  const begin = async (pid: string): Promise<{ readonly reply: Promise<Reply> }> => {
    ehr.hold(`/chart?set_pid=${pid}`);
    const reply = ask(`/chart?set_pid=${pid}`);
    await eventually(() => ehr.holds(`/chart?set_pid=${pid}`), `the selection of ${pid} to reach the EHR`);
    return { reply };
  };

  test("a page that leans on the patient waits for the selection in flight, and is the new patient's", async () => {
    const { reply: selection } = await begin('5');
    const vitals = ask('/chart/vitals');
    await ask('/finder');
    expect(ehr.seen('/chart/vitals')).toBe(0);
    ehr.answer('/chart?set_pid=5', 200);
    await selection;
    expect((await vitals).status).toBe(200);
    expect(lastAttempt()).toMatchObject({ rule: 'pieces', patient: '5', patientSource: 'session' });
  });

  test('it waits for a bounded time, and is then refused with a word about when to try again', async () => {
    const { reply: selection } = await begin('5');
    const before = ehr.seen('/chart/vitals');
    const reply = await ask('/chart/vitals');
    expect({ status: reply.status, retry: reply.headers['retry-after'] }).toEqual({ status: 400, retry: '1' });
    expect(ehr.seen('/chart/vitals')).toBe(before);
    ehr.answer('/chart?set_pid=5', 200);
    await selection;
  });

  test('a request that names its patient does not wait', async () => {
    const { reply: selection } = await begin('5');
    expect((await ask('/chart/vitals?pid=3')).status).toBe(200);
    expect(lastAttempt()).toMatchObject({ patient: '3', patientSource: 'query' });
    ehr.answer('/chart?set_pid=5', 200);
    await selection;
  });

  test('of two selections in flight nobody knows which the EHR kept, until one is made alone', async () => {
    const { reply: first } = await begin('5');
    const { reply: second } = await begin('6');
    ehr.answer('/chart?set_pid=6', 200);
    ehr.answer('/chart?set_pid=5', 200);
    await Promise.all([first, second]);
    const before = ehr.seen('/chart/vitals');
    await expectRefused(demo, () => ask('/chart/vitals'), 400, 'patient-ambiguous');
    await expectRefused(demo, () => ask('/chart'), 400, 'patient-ambiguous');
    expect(ehr.seen('/chart/vitals')).toBe(before);
    expect((await ask('/chart/vitals?pid=3')).status).toBe(200);
    await ask('/chart?set_pid=8');
    await ask('/chart/vitals');
    expect(lastAttempt()).toMatchObject({ patient: '8', patientSource: 'session' });
  });

  test('two selections of the same patient are no contradiction', async () => {
    const { reply: first } = await begin('5');
    const before = ehr.seen('/chart?set_pid=5');
    const second = ask('/chart?set_pid=5');
    await eventually(() => ehr.seen('/chart?set_pid=5') > before, 'the second');
    ehr.answer('/chart?set_pid=5', 200);
    await Promise.all([first, second]);
    await ask('/chart/vitals');
    expect(lastAttempt()).toMatchObject({ patient: '5', patientSource: 'session' });
  });

  test.each([302, 303])('a redirect after it (%i) is success', async (status) => {
    const { reply: selection } = await begin('5');
    ehr.answer('/chart?set_pid=5', status);
    await selection;
    await ask('/chart/vitals');
    expect(lastAttempt()).toMatchObject({ patient: '5' });
  });

  test.each([400, 403, 404])('a "no" of the EHR (%i) leaves the one that was', async (status) => {
    const { reply: selection } = await begin('5');
    ehr.answer('/chart?set_pid=5', status);
    await selection;
    await ask('/chart/vitals');
    expect(lastAttempt()).toMatchObject({ patient: '1', patientSource: 'session' });
  });

  test.each(['500', 'a reset', 'an abort'])(
    "after %s nobody knows whom the EHR carries, so nothing is recorded as somebody's",
    async (what) => {
      ehr.hold('/chart?set_pid=5');
      const gone = new AbortController();
      const selection = fetch(url('/chart?set_pid=5'), {
        headers: { cookie: client.cookieHeader(demo.origin) },
        signal: gone.signal,
      }).catch(() => undefined);
      await eventually(() => ehr.holds('/chart?set_pid=5'), 'the selection');
      if (what === 'an abort') gone.abort();
      else ehr.answer('/chart?set_pid=5', what === '500' ? 500 : 'reset');
      await selection;
      const before = ehr.seen('/chart/vitals');
      const reply = await ask('/chart/vitals');
      expect(reply.status).toBe(400);
      expect(ehr.seen('/chart/vitals')).toBe(before);
      await ask('/chart?set_pid=8');
      await ask('/chart/vitals');
      expect(lastAttempt()).toMatchObject({ patient: '8', patientSource: 'session' });
    },
  );

  test('a reply that we refuse has selected all the same', async () => {
    ehr.hold('/chart?set_pid=5');
    const selection = ask('/chart?set_pid=5');
    await eventually(() => ehr.holds('/chart?set_pid=5'), 'the selection');
    ehr.answer('/chart?set_pid=5', 200, { 'content-disposition': 'attachment; filename="x.pdf"' });
    expect((await selection).status).toBe(403);
    await ask('/chart/vitals');
    expect(lastAttempt()).toMatchObject({ patient: '5', patientSource: 'session' });
  });

  test('a selection that settles after a step-up counts for the session under its new id', async () => {
    clock.forward({ minutes: 6 });
    const { reply: selection } = await begin('5');
    const old = sessionCookie(client, demo);
    await client.form(url('/.wardgate/step-up?return=%2Fwelcome'), { code: codeAt(demo, 'nurse', clock) });
    expect(sessionCookie(client, demo)).not.toBe(old);
    ehr.answer('/chart?set_pid=5', 200);
    await selection;
    await ask('/chart/vitals');
    expect(lastAttempt()).toMatchObject({ patient: '5', patientSource: 'session' });
    // Other tabs have the old id for a moment longer.
    clock.forward({ seconds: 11 });
    expect((await script(browserWith(demo, { wardgate: old ?? '' }), url('/chart/vitals'))).status).toBe(401);
  });
});

/** An EHR that answers everything at once, except what it was told to hold back. */
class SlowEhr {
  readonly #server: Server;
  readonly #held = new Map<string, ServerResponse[]>();
  readonly #holding = new Set<string>();
  readonly #seen: string[] = [];

  private constructor() {
    this.#server = createServer((request, response) => this.#take(request, response));
  }

  static async open(): Promise<SlowEhr> {
    const ehr = new SlowEhr();
    await new Promise<void>((resolve) => ehr.#server.listen(0, '127.0.0.1', resolve));
    return ehr;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  hold(target: string): void {
    this.#holding.add(target);
  }

  holds(target: string): boolean {
    return (this.#held.get(target)?.length ?? 0) > 0;
  }

  seen(target: string): number {
    return this.#seen.filter((one) => one === target).length;
  }

  answer(target: string, status: number | 'reset', headers: Record<string, string> = {}): void {
    for (const response of this.#held.get(target) ?? []) {
      if (status === 'reset') response.socket?.resetAndDestroy();
      else response.writeHead(status, { 'content-type': 'text/html', location: '/main', ...headers }).end('answered');
    }
    this.#held.delete(target);
    this.#holding.delete(target);
  }

  answerAll(status: number): void {
    for (const target of this.#held.keys()) this.answer(target, status);
    this.#holding.clear();
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    const target = request.url ?? '';
    if (!request.headers.cookie?.includes('SID=')) response.setHeader('set-cookie', `SID=${this.#seen.length}`);
    this.#seen.push(target);
    request.resume();
    if (!this.#holding.has(target)) response.writeHead(200, { 'content-type': 'text/html' }).end('at once');
    else this.#held.set(target, [...(this.#held.get(target) ?? []), response]);
  }
}
