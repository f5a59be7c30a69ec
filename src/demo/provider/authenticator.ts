// The demo's stand-in for an authenticator app: the codes of this half minute for everybody who has enrolled. A real app
// shows one person's codes on that person's own telephone; this page shows all, because here nobody is real.

import type { ServerResponse } from 'node:http';
import { generate } from 'otplib';
import type { DemoPersona } from '../personas.ts';
import { authenticatorPage } from './provider-pages.ts';

/** RFC 6238, section 5.2. */
const STEP_SECONDS = 30;

/** Never rejects. */
export async function answerAuthenticator(response: ServerResponse, personas: readonly DemoPersona[]): Promise<void> {
  try {
    const epoch = Math.floor(Date.now() / 1000);
    const codes = personas.flatMap((persona) => {
      const secret = persona.totpSecret;
      return secret === null ? [] : [generate({ secret, epoch }).then((code) => ({ persona, code }))];
    });
    const page = authenticatorPage(await Promise.all(codes), STEP_SECONDS - (epoch % STEP_SECONDS));
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' }).end(page);
  } catch {
    response.writeHead(500, { 'Content-Type': 'text/plain' }).end('A code could not be computed\n');
  }
}
