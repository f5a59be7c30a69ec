// `CDN-Cache-Control: public` of the EHR passed beside our `no-store`, and a cache that goes by it would have kept charts;
// `X-Accel-Redirect` passed, by which an nginx in front of the gateway serves a file of its own; and `Clear-Site-Data:
// "cookies"` took the gateway's session away from the person.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { header } from '../support/raw-connection.ts';
import { answerRaw } from '../support/wire-ehr.ts';
import { wireStory } from '../support/wire-story.ts';
import type { WireStory } from '../support/wire-story.ts';

let wire: WireStory;
beforeAll(async () => {
  wire = await wireStory({ gatewayLines: ['limits: { drain: 1s }'] });
});
afterAll(async () => wire.close());

async function headersFor(...lines: readonly string[]) {
  wire.ehr.answer = answerRaw(`HTTP/1.1 200 OK\r\n${lines.join('\r\n')}\r\nContent-Length: 2\r\n\r\nok`);
  return wire.ask('GET /page');
}

test('orders to caches and proxies in front of us do not pass', async () => {
  const names = [
    'CDN-Cache-Control',
    'Cloudflare-CDN-Cache-Control',
    'Surrogate-Control',
    'Edge-Control',
    'X-Accel-Redirect',
    'X-Accel-Expires',
    'X-Sendfile',
    'X-LIGHTTPD-send-file',
  ];
  const given = await headersFor(...names.map((name) => `${name}: x`), 'X-Kept: 1', 'Cache-Control: public, s-maxage=9');
  for (const name of names) expect([name, header(given, name.toLowerCase())]).toEqual([name, undefined]);
  expect([header(given, 'x-kept'), header(given, 'cache-control')]).toEqual(['1', 'no-store']);
});

test.each([
  ['"cookies"', undefined],
  ['"cache", "cookies", "storage"', '"cache", "storage"'],
  ['"*"', '"cache", "storage"'],
  ['"storage"', '"storage"'],
])('Clear-Site-Data: %s becomes %s', async (said, passed) => {
  expect(header(await headersFor(`Clear-Site-Data: ${said}`), 'clear-site-data')).toBe(passed);
});
