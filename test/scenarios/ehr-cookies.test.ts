// Cookies that the EHR sets and that could shadow ours: none of them reaches the browser, in whatever spelling, with or
// without a name (a nameless cookie is sent back as its bare value), and the EHR's own go through.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { answerRaw } from '../support/wire-ehr.ts';
import { wireStory } from '../support/wire-story.ts';
import type { WireStory } from '../support/wire-story.ts';

let story: WireStory;
beforeAll(async () => {
  story = await wireStory();
});
afterAll(async () => story.close());

async function passed(...lines: readonly string[]): Promise<string[]> {
  const cookies = lines.map((line) => `Set-Cookie: ${line}\r\n`).join('');
  story.ehr.answer = answerRaw(`HTTP/1.1 200 OK\r\n${cookies}Content-Length: 2\r\n\r\nok`);
  const { status, headers } = await story.ask('GET /chart');
  expect(status).toBe(200);
  return headers.filter(([name]) => name.toLowerCase() === 'set-cookie').map(([, value]) => value);
}

test.each([
  '=wardgate=x',
  '= wardgate=x',
  '==wardgate=x',
  ' =wardgate=x; Path=/',
  '=__Host-wardgate=x',
  '=WardGate-Browser=x',
  '="wardgate"=x',
  'wardgate',
  'wardgate=x',
  'Wardgate=x',
  'WARDGATE =x',
  '"wardgate"=x',
  'wardgate.sid=x',
  '__Host-wardgate=x; Secure; Path=/',
  '__Secure-wardgate=x; Secure',
  '__HOST-Wardgate-SignIn=x',
  'wardgate-retry=; Max-Age=0',
])('Set-Cookie: %s never reaches the browser', async (line) => {
  expect(await passed('SID=1', line, 'theme=dark')).toEqual(['SID=1', 'theme=dark']);
});

test.each(['SID=wardgate=x', 'note=wardgate', '=plain', 'my-wardgate=x'])(
  'Set-Cookie: %s is the EHR’s own and stays',
  async (line) => {
    expect(await passed(line)).toEqual([line]);
  },
);
