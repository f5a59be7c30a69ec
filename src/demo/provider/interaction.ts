// Signing in at the demo's provider: a click on a persona, or none at all where the sign-in already names one. It proves
// nothing about anybody, which is the demo's point: the second factor is asked for behind it.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Provider } from 'oidc-provider';
import type { DemoPersona } from '../personas.ts';
import { noticePage, personaPage } from './provider-pages.ts';
import type { ProviderStore } from './store.ts';

const FORM_LIMIT_BYTES = 4096;

/** Never rejects: a stale or foreign interaction is answered with a page that says so. */
export async function answerInteraction(
  provider: Provider,
  store: ProviderStore,
  personas: readonly DemoPersona[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const details = await provider.interactionDetails(request, response);
    const wanted = request.method === 'POST' ? await postedPersona(request) : details.params['login_hint'];
    const persona = personas.find((one) => one.name === wanted);
    if (persona === undefined) return sendHtml(response, 200, personaPage(details.uid, personas));
    const earlier = details.session;
    if (earlier?.accountId !== undefined && earlier.accountId !== persona.name) {
      store.forgetSession(earlier.uid);
      Reflect.deleteProperty(details, 'session');
      await details.persist();
    }
    await provider.interactionFinished(request, response, { login: { accountId: persona.name, amr: ['pwd'] } });
  } catch {
    const text = 'This sign-in has expired or was started in another browser. Please start again at the address of the EHR.';
    if (!response.headersSent) sendHtml(response, 400, noticePage('The sign-in cannot go on', text));
  }
}

async function postedPersona(request: IncomingMessage): Promise<string | null> {
  let body = '';
  for await (const chunk of request as AsyncIterable<Buffer>) {
    body += chunk.toString('latin1');
    if (body.length > FORM_LIMIT_BYTES) throw new Error(`Cannot read the form: it is larger than ${FORM_LIMIT_BYTES} bytes`);
  }
  return new URLSearchParams(body).get('persona');
}

function sendHtml(response: ServerResponse, status: number, html: string): void {
  response.writeHead(status, { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' }).end(html);
}
