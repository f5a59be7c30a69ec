// A clinic's own check signed in with Node's fetch, which says `Sec-Fetch-Mode: cors` of itself and nothing else. The sign-in
// took it for the script of a page: 401 at its start, and "the request came from another site" for the code. No browser says
// the mode alone, so what does is a program, and it goes where it is sent.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Demo } from '../../src/cli/start-demo.ts';
import { codeOf, story } from '../support/demo-story.ts';

let demo: Demo;
beforeAll(async () => {
  demo = await story();
});
afterAll(() => demo.close());

/** Follows what it is sent to, with the cookies of each host, as a small program does. */
class Program {
  readonly #cookies = new Map<string, Map<string, string>>();

  async ask(address: string, init: RequestInit = {}): Promise<{ readonly url: string; readonly response: Response }> {
    const jar = this.#jarOf(address);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...(init.headers as Record<string, string>), ...(cookie === '' ? {} : { cookie }) };
    const response = await fetch(address, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      jar.set(name, value);
    }
    const next = response.headers.get('location');
    if (next === null) return { url: address, response };
    return this.ask(new URL(next, address).href, { headers: init.headers ?? {} });
  }

  #jarOf(address: string): Map<string, string> {
    const { host } = new URL(address);
    const jar = this.#cookies.get(host) ?? new Map<string, string>();
    this.#cookies.set(host, jar);
    return jar;
  }
}

describe.each<readonly [what: string, name: string, headers: Record<string, string>]>([
  ['that takes anything', 'nurse', {}],
  ['that asks for pages', 'physician', { accept: 'text/html' }],
])('a program %s', (_case, name, headers) => {
  test('signs in with its code and opens a chart', async () => {
    const program = new Program();
    const secret = demo.personas.find((persona) => persona.name === name)?.totpSecret ?? '';
    const start = `${demo.origin}/.wardgate/sign-in?login_hint=${name}&return=${encodeURIComponent('/chart?set_pid=7')}`;
    const challenge = await program.ask(start, { headers });
    expect(challenge.url).toContain('/.wardgate/second-factor');
    expect(challenge.response.status).toBe(200);
    const body = new URLSearchParams({ code: codeOf(secret) });
    const chart = await program.ask(challenge.url, { method: 'POST', headers, body });
    expect(chart).toMatchObject({ url: `${demo.origin}/chart?set_pid=7`, response: { status: 200 } });
    expect(await chart.response.text()).toContain('Exampleworth');
  });
});

test('the script of a page is still told instead of sent', async () => {
  const headers = { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' };
  const { response } = await new Program().ask(`${demo.origin}/.wardgate/sign-in`, { headers });
  expect(response.status).toBe(401);
  expect(await response.json()).toMatchObject({ reason: 'sign-in-required' });
});
