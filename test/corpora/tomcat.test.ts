// The corpora of request targets and raw requests once more, with a real Tomcat behind the gateway: what it decodes out of a
// path is what was judged, and from bytes that hide a second request it never hears one. The folder of the corpora is in
// WARDGATE_CORPORA; without it small tables of our own are used.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { canonicalize } from '../../src/core/target/canonicalize.ts';
import { requestLine } from '../../src/core/target/canonical-target.ts';
import type { CanonicalTarget } from '../../src/core/target/canonical-target.ts';
import { eventually } from '../support/demo-story.ts';
import { requirement } from '../support/requirements.ts';
import { tomcatClinic } from '../support/tomcat-clinic.ts';
import type { TomcatClinic } from '../support/tomcat-clinic.ts';
import { expectOnRecord } from '../support/tomcat-on-record.ts';
import { ownPathTargets } from './own-path-targets.ts';
import type { PathTarget } from './own-path-targets.ts';
import { ownRawRequests } from './own-raw-requests.ts';
import type { RawRequest } from './own-raw-requests.ts';

const needed = requirement('tomcat');
const info = '/examples/servlets/servlet/RequestInfoExample';
const folder = process.env['WARDGATE_CORPORA'];

function load<T>(file: string, own: readonly T[]): readonly T[] {
  if (folder === undefined) return own;
  return (JSON.parse(readFileSync(join(folder, file), 'utf8')) as { readonly items: readonly T[] }).items;
}

const targets = [...new Set(load<PathTarget>('path-targets.json', ownPathTargets).map(({ target }) => target))];
const raw = load<RawRequest>('raw-requests.json', ownRawRequests);

let house: TomcatClinic;
let started = 0;

/** What the servlet says of itself: the path as it came, and the part behind its own name, decoded by Tomcat. */
function toldBy(body: string): { readonly uri: string; readonly rest: string } {
  const text = Buffer.from(body, 'latin1').toString('utf8');
  const cells = Array.from(text.matchAll(/<\/td><td>\r?\n([^<]*)\r?\n<\/td>/g), ([, cell = '']) => unescape(cell));
  return { uri: cells[1] ?? '', rest: cells[3] ?? '' };
}

function unescape(html: string): string {
  return html.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
}

function decoded({ segments }: CanonicalTarget): string {
  return `/${segments.slice(info.split('/').length - 1).join('/')}`;
}

const filled = (text: string): string =>
  text
    .replaceAll('__HOST__', house.host)
    .replaceAll('__PORT__', house.host.split(':')[1] ?? '')
    .replaceAll(/\{\{REPEAT:(.):(\d+)\}\}/g, (_all, char: string, count: string) => char.repeat(Number(count)))
    .replaceAll(/\{\{REPEATSTR:(.*?):(\d+)\}\}/g, (_all, part: string, count: string) => part.replaceAll('\\r\\n', '\r\n').repeat(Number(count)))
    .replace(/(\r\nHost: [^\r\n]*)\r\n/, `$1\r\nCookie: ${house.people.physician.cookieHeader(house.place.origin)}\r\n`); // prettier-ignore

const methodOf = (text: string): string => /^\s*(\S+)/.exec(text)?.[1] ?? 'GET';

needed.describe('the corpora against Tomcat', () => {
  beforeAll(async () => {
    house = await tomcatClinic(needed.path ?? '');
    started = house.records().length;
  });
  afterAll(async () => house.close());

  test.each(targets.map((target) => [target.slice(0, 80), target]))('target %j', async (_shown, given) => {
    const target = given.startsWith('/') ? info + given : given;
    const canonical = canonicalize(target, 'java', 8192);
    const before = house.relay.sent();
    house.relay.take();
    const answer = await house.ask(house.head('physician', `GET ${target}`));
    if ('reason' in canonical) {
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(house.relay.sent()).toBe(before);
      return;
    }
    expect(house.relay.take()).toMatch(`GET ${requestLine(canonical)} HTTP/1.1\r\n`);
    // Tomcat itself refuses some bytes of a query, as it may.
    if (/["<>[\\\]^`{|}]/.test(canonical.query ?? '')) {
      expect(answer.status).toBe(400);
      return;
    }
    expect(answer).toMatchObject({ status: 200, complete: true });
    expect(toldBy(answer.body)).toEqual({ uri: canonical.path, rest: decoded(canonical) });
  });

  test.each(raw)('$id $title', async (item) => {
    const texts = (item.raw_sequence ?? [item.raw ?? '']).map(filled);
    const logged = house.records().length;
    const before = house.relay.sent();
    const connection = await house.open();
    for (const [index, text] of texts.entries()) {
      connection.send(text);
      if (index < texts.length - 1) await connection.answered(index + 1, methodOf(text));
    }
    if (item.expect.verdict === 'forward-canonical') await connection.answered(texts.length, ...texts.map(methodOf));
    else await connection.ended();
    await connection.close();
    const of = (event: string): number => house.records().slice(logged).filter((one) => one['event'] === event).length; // prettier-ignore
    await eventually(() => of('outcome') === of('attempt'), 'the outcome of every attempt');
    // One request is one attempt at most, whatever its bytes would be to another reader, and without one nothing is sent.
    expect(of('attempt')).toBeLessThanOrEqual(texts.length);
    if (of('attempt') === 0) expect(house.relay.sent()).toBe(before);
    const clean = await house.ask(house.head('nurse', `GET ${info}/${item.id}`));
    expect([clean.status, toldBy(clean.body).rest]).toEqual([200, `/${item.id}`]);
  });

  test('whatever Tomcat has answered stands on record, as it was answered', async () => {
    expect(await expectOnRecord(house, started)).toBeGreaterThan(30);
  });
});
