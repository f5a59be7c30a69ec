// Fields are read by the gateway and then once more by the EHR. Every way of saying a field differently is sent to rules
// that ask for one; whatever is forwarded is read again as PHP, Java and ASP.NET would, and the rule that those readers
// would have chosen must be one that permits the person. So a field can be neither hidden from a rule nor shown to it alone.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ParameterDialect } from '../../src/core/policy/policy.ts';
import { askMany } from '../support/ask-many.ts';
import type { ShortAnswer } from '../support/ask-many.ts';
import { aspNet, java, phpRequestForms, phpRequestOnly, phpSeparate } from '../support/parameter-readers.ts';
import type { Held, ParameterReader, ReadRequest } from '../support/parameter-readers.ts';
import { RawConnection } from '../support/raw-connection.ts';
import { startSessionGateway } from '../support/session-gateway.ts';
import type { SessionGateway } from '../support/session-gateway.ts';
import { randomPairs, sentForms, spelledPairs } from '../support/ways-round-a-field.ts';
import type { WireRequest } from '../support/wire-ehr.ts';

const dialects: readonly ParameterDialect[] = ['strict', 'php', 'java'];
const formLimit = 65_536;

/** Who may stand behind each dialect. Under `php` a rule about the query means `$_GET`; docs/decisions says why. */
const readers: Readonly<Record<ParameterDialect, readonly ParameterReader[]>> = {
  strict: [phpSeparate, phpRequestOnly, java, aspNet],
  php: [phpSeparate, phpRequestForms],
  java: [java],
};

interface Case {
  readonly path: string;
  readonly place: 'query' | 'form';
  readonly field: string;
  readonly expect: 'present' | 'absent' | { readonly value: string };
  /** Whom the rule with the condition permits; the rule behind it, on the same path, permits the other. */
  readonly allow: 'everyone' | 'it';
}

const cases: readonly Case[] = [
  { path: '/send', place: 'form', field: 'send_it', expect: 'present', allow: 'it' },
  { path: '/draft', place: 'form', field: 'draft_only', expect: 'present', allow: 'everyone' },
  { path: '/mode', place: 'form', field: 'do_it', expect: { value: 'delete' }, allow: 'it' },
  { path: '/keep', place: 'form', field: 'keep_it', expect: 'absent', allow: 'it' },
  { path: '/report', place: 'query', field: 'export_it', expect: 'present', allow: 'it' },
  { path: '/show', place: 'query', field: 'show_it', expect: { value: 'delete' }, allow: 'everyone' },
  { path: '/hide', place: 'query', field: 'hide_it', expect: 'absent', allow: 'everyone' },
  { path: '/kill', place: 'query', field: 'do_it', expect: { value: 'delete' }, allow: 'it' },
];

const written = (expected: Case['expect']): string => (typeof expected === 'string' ? expected : `"=${expected.value}"`);
const rulesOf = (application: string): readonly string[] => [
  ...cases.flatMap(({ path, place, field, expect: expected, allow }) => [
    `{ name: ${application}-${path.slice(1)}, application: ${application}, paths: ["${path}"], methods: [GET, POST], when: { ${place}: { ${field}: ${written(expected)} } }, allow: ${allow} }`,
    `{ name: ${application}-${path.slice(1)}-else, application: ${application}, paths: ["${path}"], methods: [GET, POST], allow: ${allow === 'it' ? 'everyone' : 'it'} }`,
  ]),
  `{ name: ${application}-tool, application: ${application}, paths: [/tool], methods: [GET, POST], allow: everyone }`,
  `{ name: ${application}-chart, application: ${application}, paths: [/chart], methods: [GET, POST], allow: everyone, patient: [query.pat_id] }`,
  `{ name: ${application}-note, application: ${application}, paths: [/note], methods: [POST], allow: everyone, patient: [form.pat_id] }`,
];

let place: SessionGateway;
const cookies = new Map<string, string>();
let sent = 0;

beforeAll(async () => {
  place = await startSessionGateway({
    applications: Object.fromEntries(dialects.map((dialect) => [dialect, [`parameters: ${dialect}`]])),
    ruleLines: [
      `denyAlways: [${dialects.map((dialect) => `{ application: ${dialect}, paths: [/tool], query: { debug_it: present } }`).join(', ')}]`,
    ],
    rules: dialects.flatMap(rulesOf),
    limits: ', formTimeout: 1s',
  });
  for (const name of dialects) cookies.set(name, await place.cookieFor('nurse', name));
});

afterAll(() => place.close());

interface Sent {
  readonly what: string;
  readonly answer: ShortAnswer;
  /** What the EHR got; null where nothing reached it. */
  readonly got: WireRequest | null;
}

interface Sending {
  readonly what: string;
  readonly method?: string;
  readonly target: string;
  readonly contentType?: string | null;
  readonly body?: string;
  readonly headers?: readonly string[];
}

/** Sends them all side by side. Each says who it is in its User-Agent, so that nothing is mixed up. */
async function sendAll(application: string, sendings: readonly Sending[]): Promise<readonly Sent[]> {
  const first = sent;
  sent += sendings.length;
  const answers = await askMany(
    place.gateway.port,
    sendings.map((one, at) => requestText(application, one, `way-${first + at}`)),
    24,
  );
  const got = new Map(
    place.ehr.requests.map((request) => [request.headers.find(([name]) => name === 'user-agent')?.[1], request]),
  );
  return sendings.map(({ what }, at) => ({
    what,
    answer: answers[at] ?? { status: 0, head: '', body: '' },
    got: got.get(`way-${first + at}`) ?? null,
  }));
}

function requestText(application: string, one: Sending, agent: string): string {
  const method = one.method ?? (one.body === undefined ? 'GET' : 'POST');
  const lines = [
    `${method} ${one.target} HTTP/1.1`,
    `Host: ${place.host(application)}`,
    `User-Agent: ${agent}`,
    `Cookie: ${cookies.get(application) ?? ''}`,
    'Accept: application/json',
  ];
  if (one.contentType !== undefined && one.contentType !== null) lines.push(`Content-Type: ${one.contentType}`);
  lines.push(...(one.headers ?? []));
  const chunked = (one.headers ?? []).some((line) => /^transfer-encoding:/i.test(line));
  if (one.body !== undefined && !chunked) lines.push(`Content-Length: ${one.body.length}`);
  return [...lines, '', one.body ?? ''].join('\r\n');
}

function asRead({ line, headers, body }: WireRequest): ReadRequest {
  const [method = '', target = ''] = line.split(' ');
  const at = target.indexOf('?');
  return {
    method,
    query: at === -1 ? '' : target.slice(at + 1),
    contentType: headers.find(([name]) => name === 'content-type')?.[1] ?? null,
    body,
  };
}

function holds(expected: Case['expect'], held: Held | undefined): boolean {
  if (expected === 'present') return held !== undefined;
  return expected === 'absent' ? held === undefined : held === expected.value;
}

/** The readers for whom the person got what the rules would not have given them. */
function wronged(dialect: ParameterDialect, one: Case, { what, got }: Sent): readonly string[] {
  if (got === null) return [];
  const request = asRead(got);
  return readers[dialect].flatMap((reader) => {
    const held = reader[one.place](request).get(reader.key?.(one.field) ?? one.field);
    const permits = holds(one.expect, held) ? one.allow : one.allow === 'it' ? 'everyone' : 'it';
    return permits === 'everyone'
      ? []
      : [
          `${reader.name}: ${one.path}: ${what}: ${got.line.slice(0, 200)} ${JSON.stringify(request.contentType)} ${JSON.stringify(got.body.slice(0, 300))}`,
        ];
  });
}

const statuses = [200, 400, 403, 408, 413, 415, 501];

/** In the query, in the form and in both, in both orders. */
function waysFor({ path, field }: Case): readonly Sending[] {
  const form = 'application/x-www-form-urlencoded';
  const pairs = [...spelledPairs(field), ...randomPairs(field, 60, 5)];
  const usable = pairs.filter((pair) => /^[!-~]*$/.test(pair) && pair.length < 8000);
  return [
    ...usable.map((pair) => ({ what: `query ${pair}`, target: `${path}?${pair}` })),
    ...usable.map((pair) => ({ what: `query of a form ${pair}`, target: `${path}?${pair}`, contentType: form, body: 'x=1' })),
    ...pairs.map((body) => ({ what: `form ${body}`, target: path, contentType: form, body })),
    ...usable
      .slice(0, 40)
      .map((pair) => ({ what: `both, ${pair} in the query`, target: `${path}?${pair}`, contentType: form, body: `${field}=1` })),
    ...usable
      .slice(0, 40)
      .map((pair) => ({ what: `both, ${pair} in the form`, target: `${path}?${field}=1`, contentType: form, body: pair })),
    ...sentForms(field, formLimit).map((one) => ({ ...one, target: path })),
    ...sentForms(field, formLimit).map((one) => ({
      ...one,
      what: `${one.what}, and in the query`,
      target: `${path}?${field}=1`,
    })),
  ];
}

describe.each(dialects)('dialect %s', (dialect) => {
  test.each(cases)('$path: the $place field $field cannot be stepped round', { timeout: 60_000 }, async (one) => {
    const results = await sendAll(dialect, waysFor(one));
    expect(
      results.filter(({ answer }) => !statuses.includes(answer.status)).map(({ what, answer }) => `${what}: ${answer.status}`),
    ).toEqual([]);
    expect(results.flatMap((result) => wronged(dialect, one, result)).slice(0, 10)).toEqual([]);
    // A refusal never reaches the EHR, and both outcomes occur, or nothing was tried.
    expect(results.filter(({ answer, got }) => (answer.status === 200) !== (got !== null)).map(({ what }) => what)).toEqual([]);
    expect(results.filter(({ got }) => got !== null).length).toBeGreaterThan(1);
    expect(results.filter(({ got }) => got === null).length).toBeGreaterThan(20);
  });

  test('a path that is shut for a query field stays shut in every spelling', async () => {
    const shut: Case = { path: '/tool', place: 'query', field: 'debug_it', expect: 'present', allow: 'it' };
    const results = await sendAll(dialect, waysFor(shut));
    expect(results.flatMap((result) => wronged(dialect, shut, result)).slice(0, 10)).toEqual([]);
    expect(results.filter(({ got }) => got !== null).length).toBeGreaterThan(2);
  });

  test.each([
    ['/chart', 'query'],
    ['/note', 'form'],
  ] as const)('%s: the patient on record is the one the EHR reads in the %s', async (path, where) => {
    const pairs = [...spelledPairs('pat_id'), ...randomPairs('pat_id', 80, 9)];
    const results = await sendAll(
      dialect,
      pairs
        .filter((pair) => where === 'form' || /^[!-~]{0,7000}$/.test(pair))
        .map((pair) =>
          where === 'query'
            ? { what: pair, target: `${path}?${pair}` }
            : { what: pair, target: path, contentType: 'application/x-www-form-urlencoded', body: pair },
        ),
    );
    const attempts = new Map(
      place
        .records()
        .filter((record) => record['event'] === 'attempt')
        .map((record) => [record['agent'], record['patient']]),
    );
    const wrong = results.flatMap(({ what, got }) => {
      if (got === null) return [];
      const recorded = attempts.get(got.headers.find(([name]) => name === 'user-agent')?.[1]) ?? '';
      const read = readers[dialect].map((reader) => reader[where](asRead(got)).get(reader.key?.('pat_id') ?? 'pat_id') ?? '');
      return read.every((held) => held === recorded)
        ? []
        : [`${what}: recorded ${JSON.stringify(recorded)}, read ${JSON.stringify(read)}`];
    });
    expect(wrong).toEqual([]);
    expect(results.filter(({ got }) => got !== null).length).toBeGreaterThan(10);
  });

  test('methods that are none, in small letters or with a body they may not have reach nobody', async () => {
    const results = await sendAll(dialect, [
      ...[
        'get',
        'post',
        'Get',
        'TRACE',
        'TRACK',
        'FOO',
        'PROPFIND',
        'MKCOL',
        'COPY',
        'LOCK',
        'PURGE',
        'SEARCH',
        'LINK',
        'M-SEARCH',
        'QUERY',
      ].map((method) => ({ what: method, method, target: '/report' })),
      ...['GET', 'HEAD', 'OPTIONS'].map((method) => ({
        what: `${method} with a body`,
        method,
        target: '/report',
        contentType: 'application/x-www-form-urlencoded',
        body: 'export_it=1',
      })),
      ...['GET', 'HEAD'].map((method) => ({
        what: `${method} with a chunked body`,
        method,
        target: '/report',
        headers: ['Transfer-Encoding: chunked'],
        body: '0\r\n\r\n',
      })),
      { what: 'PUT where no rule names it', method: 'PUT', target: '/report', body: '' },
    ]);
    expect(
      results
        .filter(({ got, answer }) => got !== null || ![400, 403, 405].includes(answer.status))
        .map(({ what, answer }) => `${what}: ${answer.status}`),
    ).toEqual([]);
  });

  test('a form that comes too slowly, or never whole, is refused', async () => {
    const before = place.ehr.requests.length;
    const connection = await RawConnection.open(place.gateway.port);
    connection.send(
      requestText(
        dialect,
        { what: '', target: '/send', contentType: 'application/x-www-form-urlencoded', body: 'x'.repeat(20) },
        'slow',
      ).slice(0, -10),
    );
    expect((await connection.answered()).status).toBe(408);
    await connection.ended();
    expect(place.ehr.requests.length).toBe(before);
  });
});
