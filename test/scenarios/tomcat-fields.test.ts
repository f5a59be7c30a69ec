// Java's getParameter takes a field from the address before the form, and the first of several. What a real Tomcat reads
// out of a request is what the rule has judged; where the two could differ, the request is refused.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { header, RawConnection } from '../support/raw-connection.ts';
import type { RawAnswer } from '../support/raw-connection.ts';
import { requirement } from '../support/requirements.ts';
import { tomcatClinic } from '../support/tomcat-clinic.ts';
import type { TomcatClinic } from '../support/tomcat-clinic.ts';

const needed = requirement('tomcat');
const path = '/examples/servlets/servlet/RequestParamExample';
const urlencoded = 'application/x-www-form-urlencoded';

interface Sending {
  readonly query?: string;
  readonly body?: string;
  readonly type?: string;
  readonly method?: string;
  readonly headers?: readonly string[];
}

const ibm500 = '%86%89%99%A2%A3%95%81%94%85=%84%85%93%85%A3%85';
const utf16 = Array.from('firstname=delete', (one) => `\0${one}`).join('');
const parts = (...fields: readonly (readonly [string, string])[]): string =>
  `${fields.map(([name, value]) => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`).join('')}--b--\r\n`;

/** Spellings of one field, with what it may stand beside. */
const spelled = (name: string): readonly string[] => [
  `${name}=delete`, `${name}=%64elete`, `${name}=%64%65%6c%65%74%65`, `${name}=delete&${name}=keep`, `${name}=keep&${name}=delete`, `${name}=delete&${name}=delete`,
  `a=b&${name}=delete`, `a=b&&&${name}=delete`, `=x&${name}=delete`, `a&${name}=delete&b`, `${name}=delete&`, `&${name}=delete`, `${name}=DELETE`, `${name}=Delete`,
  `${name}=+delete`, `${name}=delete+`, `${name}=%20delete%20`, `${name}=delete%00`, `${name}=%00delete`, `${name}=delete%0a`, `${name}==delete`, `${name}=delete=`,
  `%${name.charCodeAt(0).toString(16)}${name.slice(1)}=delete`, `${name.toUpperCase()}=delete`, `+${name}=delete`, `%20${name}=delete`, `${name}%00=delete`, `${name}+=delete`,
  `${name}[]=delete`, `${name}[0]=delete`, `a=b;${name}=delete`, `${name}=keep;${name}=delete`, `a=%zz&${name}=delete`, `${name}=delete&a=%zz`, `${name}=%zz&${name}=delete`,
  `%zz=a&${name}=delete`, `${name}=%c4%90elete`, `${name}=%ff&${name}=delete`, name, `${name}=`, `${name}=&${name}=delete`, `${name}&${name}=delete`, `${name}=keep`, 'other=1',
  `${'a=1&'.repeat(999)}${name}=delete`, `${'a=1&'.repeat(1000)}${name}=delete`, `${name}=keep&${'a=1&'.repeat(1000)}${name}=delete`, `a=${'x'.repeat(3000)}&${name}=delete`,
]; // prettier-ignore

const inQuery = (query: string): readonly Sending[] => [{ query }, { query, body: 'x=1' }];
const inBody = (body: string): readonly Sending[] => [
  { body }, { query: 'firstname=keep', body }, { query: 'lastname=keep', body }, { query: 'firstname=delete', body },
]; // prettier-ignore

const disguised: readonly Sending[] = [
  ...[`${urlencoded};charset=UTF-8`, `${urlencoded}; charset=iso-8859-1`, `${urlencoded}; charset=utf-16`, `${urlencoded}; charset="utf-8"`, `${urlencoded};`, ` ${urlencoded} `,
    urlencoded.toUpperCase(), `${urlencoded}, text/plain`, `text/plain, ${urlencoded}`, `${urlencoded}\t`, `${urlencoded}x`, 'text/plain', 'application/json', '*/*', '', 'multipart/form-data', 'multipart/form-data; boundary=b']
    .map((type) => ({ body: 'firstname=delete&lastname=delete', type })),
  ...['ibm500', 'IBM037', 'cp1047', 'Cp500'].map((charset) => ({ body: ibm500, type: `${urlencoded}; charset=${charset}` })),
  ...['ibm500', 'utf-16'].map((charset) => ({ query: ibm500, body: 'x=1', type: `${urlencoded}; charset=${charset}` })),
  { body: utf16, type: `${urlencoded}; charset=utf-16be` },
  { body: parts(['firstname', 'delete']), type: 'multipart/form-data; boundary=b' },
  { query: 'firstname=keep', body: parts(['firstname', 'delete'], ['lastname', 'delete']), type: 'multipart/form-data; boundary=b' },
  { body: 'firstname=delete', headers: ['Content-Encoding: gzip'] },
  { body: 'firstname=delete', headers: ['Content-Type: text/plain'] },
  { body: 'firstname=keep', headers: ['X-HTTP-Method-Override: DELETE'] },
  { body: Array.from('firstname=delete', (one) => `1\r\n${one}\r\n`).join('') + '0\r\n\r\n', headers: ['Transfer-Encoding: chunked'] },
  { body: `${'x'.repeat(70_000)}&firstname=delete` },
  { body: 'firstname=delete', method: 'PUT' }, { body: 'firstname=delete', method: 'DELETE' },
]; // prettier-ignore

const names = ['firstname', 'lastname'];

const ways: readonly Sending[] = [
  ...names.flatMap((name) => spelled(name).flatMap((pairs) => [...inQuery(pairs), ...inBody(pairs)])),
  ...names.flatMap((name) =>
    [`${name}=delete`, `${name}=%64elete&${name}=keep`].flatMap((query) => [
      { query, method: 'HEAD' },
      { query, body: '{}', type: 'application/json' },
    ]),
  ),
  ...disguised,
].filter(({ query = '' }) => query.length < 8000);

let house: TomcatClinic;

function text(head: (line: string, ...headers: readonly string[]) => string, one: Sending): string {
  const { query, body, method = body === undefined ? 'GET' : 'POST', type = urlencoded, headers = [] } = one;
  const isChunked = headers.some((line) => line.startsWith('Transfer-Encoding'));
  const about = body === undefined ? [] : [`Content-Type: ${type}`, ...(isChunked ? [] : [`Content-Length: ${body.length}`])];
  return head(`${method} ${path}${query === undefined ? '' : `?${query}`}`, ...about, ...headers) + (body ?? '');
}

/** What Tomcat says it read: both fields, `null` as a word for one that is missing; nothing where it read none. */
function readByTomcat({ body }: RawAnswer): { readonly first: string; readonly last: string } | null {
  const found = /First name:\s*= ([^<]*)<br>\s*Last name:\s*= ([^<\r\n]*)/i.exec(body);
  return found === null ? null : { first: found[1] ?? '', last: found[2] ?? '' };
}

async function direct(one: Sending): Promise<RawAnswer> {
  const connection = await RawConnection.open(house.tomcat.port);
  const head = (line: string, ...headers: readonly string[]): string =>
    [`${line} HTTP/1.1`, 'Host: localhost', 'Connection: close', ...headers, '', ''].join('\r\n');
  const answer = await connection.send(text(head, one)).answered(1, one.method ?? 'GET');
  await connection.close();
  return answer;
}

/** What the servlet would do with what it read: `remove` for a first name, `purge` for a last one. */
function effectOf(answer: RawAnswer): 'remove' | 'purge' | null {
  const read = readByTomcat(answer);
  return read?.first === 'delete' ? 'remove' : read?.last === 'delete' ? 'purge' : null;
}

const nameOf = ({ query, body, type, method, headers }: Sending): string => JSON.stringify([method, query?.slice(0, 60), body?.slice(0, 60), type, headers]); // prettier-ignore

needed.describe('fields of a request to Tomcat', () => {
  beforeAll(async () => {
    house = await tomcatClinic(needed.path ?? '');
  });
  afterAll(async () => house.close());

  test('nobody removes anything by a spelling that the rule did not see', { timeout: 60_000 }, async () => {
    const wrong: string[] = [];
    const counts = { dangerous: 0, refused: 0, served: 0 };
    for (const one of ways) {
      // HEAD runs the servlet as GET does, and shows nothing of it.
      const alone = await direct(one.method === 'HEAD' ? { ...one, method: 'GET' } : one);
      const before = house.relay.sent();
      const answer = await house.ask(text((line, ...headers) => house.head('nurse', line, ...headers), one));
      const reached = house.relay.sent() > before;
      const isRight = reached
        ? effectOf(alone) === null && effectOf(answer) === null && answer.status === alone.status
        : [400, 403, 413].includes(answer.status);
      if (!isRight) wrong.push(`${nameOf(one)}: ${answer.status}, ${String(effectOf(alone))}, ${reached}`);
      if (effectOf(alone) !== null) counts.dangerous += 1;
      if (!reached) counts.refused += 1;
      if (answer.status === 200) counts.served += 1;
    }
    expect(wrong).toEqual([]);
    expect(counts.dangerous).toBeGreaterThan(150);
    expect(counts.refused).toBeGreaterThan(counts.dangerous);
    expect(counts.served).toBeGreaterThan(60);
  });

  test('what whoever may do so has done is on record under the rule for it', { timeout: 60_000 }, async () => {
    const done = new Map<string, string>();
    for (const [at, one] of ways.entries()) {
      const headers = [...(one.headers ?? []), `User-Agent: way-${at}`];
      const answer = await house.ask(text((line, ...more) => house.head('physician', line, ...more), { ...one, headers }));
      // Whether a servlet reads parts is its own setting, which no dialect knows; this one reads none.
      const isMultipart = one.type?.startsWith('multipart/') === true;
      if (answer.status === 200 && one.method !== 'HEAD' && !isMultipart) done.set(`way-${at}`, effectOf(answer) ?? 'servlets');
    }
    const attempts = house.records().filter((one) => one['event'] === 'attempt' && done.has(String(one['agent'])));
    expect(attempts).toHaveLength(done.size);
    const wrong = attempts.filter((one) => one['rule'] !== done.get(String(one['agent'])));
    expect(wrong.map((one) => [one['rule'], nameOf(ways[Number(String(one['agent']).slice(4))] ?? {})])).toEqual([]);
    const seen = Object.groupBy(done.values(), (effect) => effect);
    expect([seen['remove'] ?? [], seen['purge'] ?? [], seen['servlets'] ?? []].filter(({ length }) => length < 10)).toEqual([]);
  });

  test('a refusal says which field it was about', async () => {
    const before = house.relay.sent();
    const one = { query: 'firstname=delete', body: 'firstname=keep' };
    const answer = await house.ask(text((line, ...more) => house.head('nurse', line, 'Accept: application/json', ...more), one));
    expect([answer.status, header(answer, 'content-type')]).toEqual([400, expect.stringContaining('json')]);
    expect(JSON.parse(answer.body)).toMatchObject({ detail: expect.stringContaining('"firstname"') });
    expect(house.relay.sent()).toBe(before);
  });
});
