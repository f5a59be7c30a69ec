// A person's first sign-in over HTTP: the second factor is set up on the page that is there for it.

import { CookieClient } from './cookie-client.ts';
import { codeOf } from './demo-story.ts';

export interface Enrolled {
  readonly client: CookieClient;
  /** Base 32. */
  readonly secret: string;
  /** The code that confirmed the enrolment, and by that is used. */
  readonly usedCode: string;
  readonly recoveryCodes: readonly string[];
}

/** Throws with the page's text when the enrolment does not go through. */
export async function enrol(origin: string, name: string, client = new CookieClient()): Promise<Enrolled> {
  const page = await client.page(`${origin}/.wardgate/sign-in?login_hint=${name}&return=${encodeURIComponent('/main')}`);
  const secret = /class="secret">([^<]+)</.exec(page.text)?.[1]?.replaceAll(' ', '');
  if (secret === undefined) throw new Error(`No secret is shown at ${page.url}: ${page.text}`);
  const usedCode = codeOf(secret);
  const done = await client.form(page.url, { code: usedCode });
  const recoveryCodes = [...done.text.matchAll(/<li>([A-Z0-9-]{20,})<\/li>/g)].map((match) => match[1] ?? '');
  if (recoveryCodes.length === 0) throw new Error(`No recovery codes at ${done.url}: ${done.text}`);
  return { client, secret, usedCode, recoveryCodes };
}

/** How far another browser gets with a code: the status of the answer to it, and whether it is signed in afterwards. */
export async function tryCode(
  origin: string,
  name: string,
  code: string,
): Promise<{ status: number; signedIn: boolean; text: string }> {
  const client = new CookieClient();
  const challenge = await client.page(`${origin}/.wardgate/sign-in?login_hint=${name}&return=${encodeURIComponent('/main')}`);
  const reply = await client.form(challenge.url, { code });
  const looked = await client.ask(`${origin}/main`, { headers: { accept: '*/*', 'sec-fetch-mode': 'cors' } });
  return { status: reply.status, signedIn: looked.status === 200, text: reply.text };
}
