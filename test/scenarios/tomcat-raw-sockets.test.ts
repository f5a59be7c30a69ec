// Bytes that no library would send, through the gateway to a real Tomcat: every spelling by which Tomcat itself would open
// a protected page, and every framing with which one request may hide another. What is refused never reaches it, and what
// reaches it is the very request on record.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../support/demo-story.ts';
import { handshakeHeaders } from '../support/live-connection.ts';
import { RawConnection } from '../support/raw-connection.ts';
import type { RawAnswer } from '../support/raw-connection.ts';
import { requirement } from '../support/requirements.ts';
import { openPage, signInToTomcat, tomcatClinic } from '../support/tomcat-clinic.ts';
import type { TomcatClinic } from '../support/tomcat-clinic.ts';
import { expectOnRecord } from '../support/tomcat-on-record.ts';
import { securedPage, tomcatWays } from '../support/tomcat-ways.ts';

const needed = requirement('tomcat');
const count = '/examples/servlets/nonblocking/bytecounter';
const hidden = `GET ${securedPage}?smuggled HTTP/1.1\r\nHost: localhost\r\nX-Remote-User: admin\r\n\r\n`;
const script = ['Accept: */*', 'Sec-Fetch-Mode: cors'];
const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;
const chunked = `${chunk(hidden)}0\r\n\r\n`;

let house: TomcatClinic;
let signedOn = 0;

/** What Tomcat answers without a gateway. */
async function direct(text: string): Promise<RawAnswer> {
  const connection = await RawConnection.open(house.tomcat.port);
  const answer = await connection.send(text).answered();
  await connection.close();
  return answer;
}

async function refused(text: string): Promise<RawAnswer> {
  const before = house.relay.sent();
  const connection = await house.open();
  const answer = await connection.send(text).answered(1, text.split(' ', 1)[0] ?? '');
  expect(connection.answers().length).toBeLessThanOrEqual(1);
  await connection.close();
  expect(house.relay.sent()).toBe(before);
  return answer;
}

let marks = 0;

/** Somebody else asks on a fresh connection and gets the answer to what was asked. */
async function cleanRequest(): Promise<void> {
  marks += 1;
  const answer = await house.ask(house.head('nurse', `GET /examples/servlets/servlet/RequestInfoExample/clean-${marks}`));
  expect(answer).toMatchObject({ status: 200, complete: true });
  expect(answer.body).toMatch(new RegExp(`<td>\\s*/clean-${marks}\\s*</td>`));
}

needed.describe('Tomcat behind the gateway, over raw sockets', () => {
  beforeAll(async () => {
    house = await tomcatClinic(needed.path ?? '');
    await signInToTomcat(house, house.people.physician);
    signedOn = house.records().length;
  });
  afterAll(async () => house.close());

  describe('a protected page in every spelling', () => {
    test('Tomcat by itself opens it in the spellings that are said to open it', async () => {
      const wrong: string[] = [];
      for (const { target, opens } of tomcatWays) {
        const answer = await direct(`GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
        if (answer.body.includes('<title>Login Page for Examples') !== opens) wrong.push(`${target}: ${answer.status}`);
      }
      expect(wrong).toEqual([]);
    });

    test.each(tomcatWays)('$target reaches Tomcat for nobody who may not see it', async ({ target, kind }) => {
      const live = handshakeHeaders(house.host);
      for (const person of [null, 'nurse'] as const) {
        const statuses = [
          (await refused(house.head(person, `GET ${target}`, ...script))).status,
          (await refused(house.head(person, `HEAD ${target}`, ...script))).status,
          (await refused(`${house.head(person, `POST ${target}`, ...script, 'Content-Length: 2')}ab`)).status,
          (await refused(house.head(person, `GET ${target}`, ...live))).status,
        ];
        const expected = kind === 'malformed' ? 400 : person === null ? 401 : kind === 'plain' ? 403 : 400;
        expect({ person, statuses }).toEqual({ person, statuses: statuses.map(() => expected) });
      }
      // Nor does anybody get a live connection where the rule speaks of pages.
      expect((await refused(house.head('physician', `GET ${target}`, ...live))).status).toBe(kind === 'plain' ? 403 : 400);
    });

    const plain = tomcatWays.filter(({ kind }) => kind === 'plain');
    const ambiguous = tomcatWays.filter(({ kind }) => kind !== 'plain');

    test.each(ambiguous)('$target is refused to whoever may see the page as well', async ({ target }) => {
      expect((await refused(house.head('physician', `GET ${target}`))).status).toBe(400);
    });

    test.each(plain)('$target, for whoever may see the page, is answered as what stands on record', async ({ target }) => {
      const text = house.head('physician', `GET ${target}`);
      const seen = house.tomcat.served().length;
      const answer = await house.ask(text);
      const [served] = await eventually(() => {
        const fresh = house.tomcat.served().slice(seen);
        return fresh.length > 0 && fresh;
      }, 'the access log');
      expect(served?.status).toBe(answer.status);
      const attempt = house.records().find((one) => one['event'] === 'attempt' && one['request'] === served?.requestId);
      expect(attempt).toMatchObject({ rule: 'secured', subject: { name: 'physician' } });
      expect(served?.path).toMatch(/^\/examples\/jsp\/security\/protected/);
      if (target.startsWith(securedPage) && answer.status === 200)
        expect(answer.body).toContain('You are logged in as remote user');
    });
  });

  const post = (...headers: readonly string[]): string => house.head('physician', `POST ${count}`, ...headers);
  const get = (...headers: readonly string[]): string => house.head('physician', `GET ${openPage}`, ...headers);
  const coded = 'Transfer-Encoding: chunked';

  describe('one request hidden in another', () => {
    test.each<readonly [what: string, text: () => string, status: number]>([
      ['CL.TE', () => post('Content-Length: 5', coded) + chunked, 400],
      ['TE.CL', () => post(coded, `Content-Length: ${chunked.length}`) + chunked, 400],
      ['CL.TE with a spelling of its own', () => post('Content-Length: 5', 'Transfer-Encoding : chunked') + chunked, 400],
      ['TE.TE', () => post(coded, 'Transfer-Encoding: x') + chunked, 400],
      ['TE.TE, in one line', () => post('Transfer-Encoding: chunked, identity') + chunked, 400],
      ['a coding in front', () => post('Transfer-Encoding: gzip, chunked') + chunked, 501],
      ['chunked twice', () => post('Transfer-Encoding: chunked, chunked') + chunked, 400],
      ['a coding behind a control character', () => post('Transfer-Encoding: \u000bchunked') + chunked, 400],
      ['a coding that is folded', () => post('Transfer-Encoding:\r\n chunked') + chunked, 400],
      ['two lengths that differ', () => `${post('Content-Length: 5', 'Content-Length: 6')}hello${hidden}`, 400],
      ['two lengths that agree', () => `${post('Content-Length: 5', 'Content-Length: 5')}hello${hidden}`, 400],
      ['two lengths in one line', () => `${post('Content-Length: 5, 5')}hello${hidden}`, 400],
      ['a length with a sign', () => `${post('Content-Length: +5')}hello${hidden}`, 400],
      ['a length in hex', () => `${post('Content-Length: 0x5')}hello${hidden}`, 400],
      ['a length with a blank', () => `${post('Content-Length: 5 0')}hello${hidden}`, 400],
      ['a body on GET', () => get(`Content-Length: ${hidden.length}`) + hidden, 400],
      ['a chunked body on GET', () => get(coded) + chunked, 400],
      ['a bare line feed', () => get('X-A: b').replace('X-A: b\r\n', 'X-A: b\n') + hidden, 400],
      ['bare line feeds alone', () => get().replaceAll('\r\n', '\n'), 400],
      ['a bare carriage return', () => get('X-A: b\rTransfer-Encoding: chunked') + chunked, 400],
      ['a folded header', () => get('X-A: b\r\n c'), 400],
      ['a folded header in our name', () => get('X-A: b\r\n X-Remote-User: admin'), 400],
      ['a blank before the first header', () => get().replace('\r\nHost', '\r\n Host'), 400],
      ['a blank before the colon', () => get('X-A : b'), 400],
      ['a NUL in a header', () => get('X-A: b\0c'), 400],
      ['two hosts', () => get('Host: evil.test'), 400],
      ['another host', () => get().replace(`Host: ${house.host}`, 'Host: evil.test'), 421],
      ['an expectation that is none', () => `${post('Expect: 200-ok', 'Content-Length: 5')}hello`, 417],
      ['an older version', () => get().replace('HTTP/1.1', 'HTTP/1.0'), 505],
      ['no version', () => `GET ${securedPage}\r\n\r\n`, 400],
      ['the preface of HTTP/2', () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
    ])('%s is refused, and the next request is its own', async (_what, text, status) => {
      const answer = await refused(text());
      expect(answer.status).toBe(status);
      await cleanRequest();
    }); // prettier-ignore

    test.each<readonly [what: string, text: () => string]>([
      ['a chunk size that is no number', () => `${post(coded)}0x5\r\nhello\r\n0\r\n\r\n`],
      ['a chunk that is longer than it says', () => `${post(coded)}3\r\nhello\r\n0\r\n\r\n${hidden}`],
      ['a bare line feed after the size', () => `${post(coded)}5\nhello\r\n0\r\n\r\n`],
      ['a size with a sign', () => `${post(coded)}-5\r\nhello\r\n0\r\n\r\n`],
      ['a size past every number', () => `${post(coded)}fffffffffffffffff\r\nhello\r\n0\r\n\r\n`],
    ])('%s breaks its own request off, and the next is its own', async (_what, text) => {
      const connection = await house.open();
      connection.send(text());
      await connection.ended();
      expect(connection.answers().filter(({ status }) => status < 400)).toEqual([]);
      await cleanRequest();
    });

    test.each<readonly [what: string, text: () => string, bytes: number]>([
      ['a length', () => `${post('Content-Length: 5')}hello`, 5],
      ['a length, with a whole request as the body', () => post(`Content-Length: ${hidden.length}`) + hidden, hidden.length],
      ['chunks', () => `${post(coded)}5;ext=1\r\nhello\r\n6\r\n world\r\n0\r\nX-Remote-User: admin\r\n\r\n`, 11],
      ['chunks, with a whole request as the body', () => post(coded) + chunked, hidden.length],
      ['chunks that Connection names', () => post('Connection: close, transfer-encoding', coded) + chunked, hidden.length],
      ['a length that Connection names', () => `${post('Connection: close, content-length', 'Content-Length: 5')}hello`, 5],
      ['an expectation, not waited for', () => `${post('Expect: 100-continue', 'Content-Length: 5')}hello`, 5],
    ])('%s is one body to Tomcat', async (_what, text, bytes) => {
      const answer = await house.ask(text());
      expect(answer).toMatchObject({ status: 200, complete: true, body: expect.stringMatching(`\\[${bytes}\\]`) });
      await cleanRequest();
    });

    test('a body that waits for "100 Continue" arrives', async () => {
      const connection = await house.open();
      connection.send(post('Expect: 100-continue', 'Content-Length: 5'));
      await eventually(() => connection.received.startsWith('HTTP/1.1 100'), 'the go-ahead');
      expect((await connection.send('hello').answered()).body).toContain('[5]');
      await connection.close();
      await cleanRequest();
    });

    test('a chunked DELETE that holds a request is one request, which Tomcat declines', async () => {
      const before = house.tomcat.served().length;
      const answer = await house.ask(house.head('physician', `DELETE ${openPage}`, coded) + chunked);
      expect(answer.status).toBe(405);
      await cleanRequest();
      const fresh = await eventually(() => {
        const found = house.tomcat.served().slice(before);
        return found.length > 1 && found;
      }, 'the access log');
      expect(fresh.map(({ method, path }) => [method, path])).toEqual([
        ['DELETE', openPage],
        ['GET', `/examples/servlets/servlet/RequestInfoExample/clean-${marks}`],
      ]);
    });

    test('requests sent ahead are judged each for itself, and answered in their order', async () => {
      house.relay.take();
      const connection = await house.open();
      const info = '/examples/servlets/servlet/RequestInfoExample';
      connection.send(
        [`GET ${info}/1`, `GET ${securedPage}`, `GET ${info}/2`].map((line) => house.head('nurse', line, ...script)).join(''),
      );
      const last = await connection.answered(3);
      expect(connection.answers().map(({ status }) => status)).toEqual([200, 403, 200]);
      expect(last.body).toMatch(/<td>\s*\/2\s*<\/td>/);
      await connection.close();
      expect(house.relay.take()).not.toContain('security');
    });
  });

  test('whatever Tomcat has answered stands on record, as it was answered', async () => {
    expect(await expectOnRecord(house, signedOn)).toBeGreaterThan(60);
    expect(house.tomcat.served().some(({ query }) => query.includes('smuggled'))).toBe(false);
  });
});
