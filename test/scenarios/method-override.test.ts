// A framework that takes `_method` turns a permitted POST into a DELETE nobody permitted. Every way of saying it is sent to
// such an application; what the gateway lets through is read as Rails, Laravel, Spring and Orthanc would, and their method
// must be the one that was judged.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askMany } from '../support/ask-many.ts';
import { aspNet, java, phpRequestOnly } from '../support/parameter-readers.ts';
import type { ParameterReader } from '../support/parameter-readers.ts';
import { startSessionGateway } from '../support/session-gateway.ts';
import type { SessionGateway } from '../support/session-gateway.ts';
import { randomPairs, sentForms, spelledPairs } from '../support/ways-round-a-field.ts';
import type { WireRequest } from '../support/wire-ehr.ts';

const urlencoded = 'application/x-www-form-urlencoded';
const headerNames = [
  'X-HTTP-Method-Override',
  'X-HTTP-Method',
  'X-Method-Override',
  'X_HTTP_METHOD_OVERRIDE',
  'X-HTTP-METHOD-OVERRIDE',
  'X.HTTP.Method.Override',
];

interface Sending {
  readonly what: string;
  readonly method?: string;
  readonly target?: string;
  readonly contentType?: string | null;
  readonly body?: string;
  readonly headers?: readonly string[];
}

let place: SessionGateway;
const cookies = new Map<string, string>();
let sent = 0;

beforeAll(async () => {
  const applications = {
    strict: ['methodOverrideParameters: [_method]'],
    php: ['parameters: php', 'methodOverrideParameters: _method'],
    java: ['parameters: java', 'methodOverrideParameters: _method'],
    pacs: ['methodOverrideParameters: [query._method]'],
  };
  place = await startSessionGateway({
    applications,
    rules: Object.keys(applications).map(
      (name) => `{ name: ${name}, application: ${name}, paths: ["/thing/**"], methods: [GET, POST, PUT], allow: everyone }`,
    ),
  });
  for (const name of Object.keys(applications)) cookies.set(name, await place.cookieFor('nurse', name));
});

afterAll(() => place.close());

async function sendAll(
  application: string,
  sendings: readonly Sending[],
): Promise<readonly { readonly what: string; readonly status: number; readonly got: WireRequest | null }[]> {
  const first = sent;
  sent += sendings.length;
  const texts = sendings.map((one, at) => {
    const { method = one.body === undefined ? 'GET' : 'POST', target = '/thing/1', contentType = null, body, headers = [] } = one;
    const lines = [
      `${method} ${target} HTTP/1.1`,
      `Host: ${place.host(application)}`,
      `User-Agent: override-${first + at}`,
      `Cookie: ${cookies.get(application) ?? ''}`,
      'Accept: application/json',
      ...headers,
    ];
    if (contentType !== null) lines.push(`Content-Type: ${contentType}`);
    if (body !== undefined && !headers.some((line) => /^transfer-encoding/i.test(line)))
      lines.push(`Content-Length: ${body.length}`);
    return [...lines, '', body ?? ''].join('\r\n');
  });
  const answers = await askMany(place.gateway.port, texts, 24);
  const got = new Map(
    place.ehr.requests.map((request) => [request.headers.find(([name]) => name === 'user-agent')?.[1], request]),
  );
  return sendings.map(({ what }, at) => ({
    what,
    status: answers[at]?.status ?? 0,
    got: got.get(`override-${first + at}`) ?? null,
  }));
}

/** Who may stand behind each application; behind the one of which nothing is known, all of them. */
const readers: Readonly<Record<string, readonly ParameterReader[]>> = {
  strict: [phpRequestOnly, java, aspNet],
  php: [phpRequestOnly],
  java: [java],
};

/** The field of that name as any of the frameworks would take it, or undefined. */
function overrideIn(application: string, { line, headers, body }: WireRequest): unknown {
  const [method = '', target = ''] = line.split(' ');
  const at = target.indexOf('?');
  const contentType = headers.find(([name]) => name === 'content-type')?.[1] ?? (body === '' ? null : urlencoded);
  const request = { method, query: at === -1 ? '' : target.slice(at + 1), contentType, body };
  const inHeader = headers.find(([name]) => /method/i.test(name))?.[1];
  const inJson =
    /json/i.test(contentType ?? '') && /^\s*\{/.test(body) ? (JSON.parse(body) as Record<string, unknown>)['_method'] : undefined;
  const held = (readers[application] ?? []).map((reader) => reader.form(request).get('_method'));
  return inHeader ?? inJson ?? held.find((one) => one !== undefined);
}

const ways = (): readonly Sending[] => {
  const pairs = [
    ...spelledPairs('_method'),
    ...spelledPairs('x_method').map((pair) =>
      pair.replaceAll('x_method', '_method').replaceAll(/x(?:\.|%2e|\+|%20)method/gi, '.method'),
    ),
    ...randomPairs('_method', 80, 3),
  ];
  const inQuery = pairs.filter((pair) => /^[!-~]{0,7000}$/.test(pair));
  return [
    ...inQuery.map((pair) => ({ what: `GET ?${pair}`, target: `/thing/1?${pair}` })),
    ...inQuery.map((pair) => ({ what: `POST ?${pair}`, target: `/thing/1?${pair}`, contentType: urlencoded, body: 'x=1' })),
    ...pairs.map((body) => ({ what: `POST ${body}`, contentType: urlencoded, body })),
    ...sentForms('_method', 65_536),
    { what: 'JSON with blanks', contentType: 'application/json', body: ' { "a": 1, "_method": "DELETE" }' },
    { what: 'JSON of a kind', contentType: 'application/vnd.api+json', body: '{"_method":"DELETE"}' },
    { what: 'JSON with an escape', contentType: 'application/json', body: '{"\\u005fmethod":"DELETE"}' },
    { what: 'JSON that is none', contentType: 'application/json', body: '{"_method":"DELETE",' },
    { what: 'JSON over the limit', contentType: 'application/json', body: `{"a":"${'x'.repeat(70_000)}","_method":"DELETE"}` },
  ];
};

describe.each(['strict', 'php', 'java'])('an application that takes _method, %s', (application) => {
  test('no request that it would turn into another method is forwarded', { timeout: 60_000 }, async () => {
    const results = await sendAll(application, ways());
    const turned = results.filter(({ got }) => got !== null && overrideIn(application, got) !== undefined);
    expect(turned.map(({ what }) => what)).toEqual([]);
    expect(
      results
        .filter(({ got, status }) => (got !== null) !== (status === 200) || ![200, 400, 403, 408, 413, 501].includes(status))
        .map(({ what, status }) => `${what}: ${status}`),
    ).toEqual([]);
    expect(results.filter(({ got }) => got !== null).length).toBeGreaterThan(20);
    expect(results.filter(({ got }) => got === null).length).toBeGreaterThan(60);
  });

  test('ordinary forms, JSON and uploads of other types pass, with their bytes as they were', async () => {
    const large = '\u0000\u0001'.repeat(100_000);
    const plain: readonly Sending[] = [
      { what: 'a form', contentType: urlencoded, body: 'a=1&b=2' },
      {
        what: 'multipart',
        contentType: 'multipart/form-data; boundary=b',
        body: '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--b--\r\n',
      },
      {
        what: 'a small file',
        contentType: 'multipart/form-data; boundary=b',
        body: '--b\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\n1\r\n--b--\r\n',
      },
      { what: 'JSON', contentType: 'application/json', body: '{"a":{"_method":"x"}}' },
      { what: 'a JSON list', contentType: 'application/json', body: '[1]' },
      { what: 'a picture', contentType: 'application/dicom', body: large },
      {
        what: 'a PUT, whose method no framework changes',
        method: 'PUT',
        contentType: 'application/json',
        body: `"${'x'.repeat(70_000)}"`,
      },
    ];
    const results = await sendAll(application, plain);
    expect(results.map(({ status, got }) => [status, got?.body])).toEqual(plain.map(({ body }) => [200, body]));
  });

  test('what cannot be read first is refused, with the way out', async () => {
    const [large, slow] = await sendAll(application, [
      {
        what: 'a large upload as a form',
        contentType: 'multipart/form-data; boundary=b',
        body: `--b\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\n${'x'.repeat(70_000)}\r\n--b--\r\n`,
      },
      { what: 'a compressed form', contentType: urlencoded, body: 'x', headers: ['Content-Encoding: br'] },
    ]);
    expect([large?.status, slow?.status]).toEqual([413, 400]);
    expect([large?.got, slow?.got]).toEqual([null, null]);
  });

  test('headers that name another method never pass', async () => {
    const results = await sendAll(
      application,
      headerNames.map((name) => ({ what: name, contentType: urlencoded, body: 'a=1', headers: [`${name}: DELETE`] })),
    );
    expect(
      results.filter(({ got }) => got !== null && overrideIn(application, got) !== undefined).map(({ what }) => what),
    ).toEqual([]);
    expect(results.every(({ status }) => status === 200 || status === 400)).toBe(true);
  });
});

test('where the address alone counts, a disguised name in it is refused and large uploads pass', async () => {
  const body = `--b\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\n${'x'.repeat(70_000)}\r\n--b--\r\n`;
  const [plain, disguised, upload] = await sendAll('pacs', [
    { what: 'plain', target: '/thing/1?_method=DELETE' },
    { what: 'disguised', target: '/thing/1?%5FMETHOD[]=DELETE' },
    { what: 'upload', contentType: 'multipart/form-data; boundary=b', body },
  ]);
  expect([plain?.status, disguised?.status, upload?.status]).toEqual([400, 400, 200]);
  expect([plain?.got, disguised?.got, upload?.got?.body]).toEqual([null, null, body]);
});
