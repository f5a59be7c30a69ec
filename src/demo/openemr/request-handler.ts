// From a request to the script that answers it: Apache finds the script, PHP starts the session and waits for its lock,
// the script looks who is asking. The method is never looked at: PHP runs a script for every one of them.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Call } from '../loopback-server.ts';
import { apacheTarget } from './apache-target.ts';
import { guard } from './guard.ts';
import { isLogin, postLogin } from './pages/login.ts';
import { phpParameters, phpPosted } from './php-parameters.ts';
import { guardedScripts, openScripts, staticFiles } from './scripts.ts';
import { sessionCookie } from './session-cookie.ts';
import { sessionIdOf } from './sessions.ts';
import type { PhpSession } from './sessions.ts';
import type { OpenEmrState, OpenVisit } from './visit.ts';

const LOGIN_SCRIPT = 'interface/main/main_screen.php';

export class OpenEmrRequestHandler {
  readonly #emr: OpenEmrState;
  readonly #whileLocked: (target: string) => Promise<void> | void;

  /** `whileLocked` is awaited by every script once it holds its session's lock. */
  constructor(emr: OpenEmrState, whileLocked: (target: string) => Promise<void> | void) {
    this.#emr = emr;
    this.#whileLocked = whileLocked;
  }

  async answer(call: Call): Promise<void> {
    const { request, response } = call;
    response.setHeader('Server', 'Apache/2.4.54 (Debian)');
    const target = apacheTarget(request.url ?? '');
    switch (target.kind) {
      case 'refused':
        return answerApache(response, target.status);
      case 'moved':
        // Apache's own redirect names the host it was asked for.
        response.writeHead(301, { Location: `http://${request.headers.host ?? 'localhost'}${target.path}` }).end();
        return;
      case 'file':
        return sendStatic(response, target.path);
      case 'script':
        return this.#run(call, target.script, target.query);
    }
  }

  async #run(call: Call, script: string, query: string): Promise<void> {
    if (!openScripts.has(script) && !guardedScripts.has(script)) return answerApache(call.response, 404);
    const id = sessionIdOf(call.request.headers.cookie);
    const work = async () => {
      await this.#whileLocked(call.seen.target);
      runScript(script, this.#visit(call, query, this.#session(id, call.response)));
    };
    return id === null ? work() : this.#emr.sessions.inTurn(id, work);
  }

  /** Version 5 takes any id that a browser brings (no strict mode), version 7 gives out a new one. */
  #session(id: string | null, response: ServerResponse): PhpSession {
    const { sessions, version } = this.#emr;
    const found = sessions.find(id);
    if (found !== null) return found;
    if (version === 5 && id !== null) return sessions.open(id);
    const session = sessions.open();
    response.setHeader('Set-Cookie', sessionCookie(session.id, version));
    return session;
  }

  #visit({ request, response, body }: Call, query: string, session: PhpSession): OpenVisit {
    const get = phpParameters(query);
    const post = phpPosted(request.method ?? '', request.headers['content-type'] ?? '', body);
    const both = new Map([...get, ...post]);
    return { request, response, get, post, both, address: addressOf(request), session, emr: this.#emr };
  }
}

function runScript(script: string, visit: OpenVisit): void {
  if (script === LOGIN_SCRIPT && isLogin(visit)) {
    const site = visit.get.get('site') ?? '';
    if (site !== '') visit.session.siteId = site;
    // Without a site the login is not even looked at.
    if (visit.session.siteId !== null) return postLogin(visit);
  }
  const open = openScripts.get(script);
  if (open !== undefined) return open(visit);
  const known = guard(visit, script);
  if (known !== null) guardedScripts.get(script)?.(known);
}

/** `collectIpAddresses`: what a browser claims in X-Forwarded-For is part of the key by which addresses are locked out. */
function addressOf(request: IncomingMessage): string {
  const claimed = request.headers['x-forwarded-for'];
  const own = request.socket.remoteAddress ?? '';
  return claimed === undefined ? own : `${own} (${String(claimed)})`;
}

function sendStatic(response: ServerResponse, path: string): void {
  const file = staticFiles.get(path);
  if (file === undefined) return answerApache(response, 404);
  const [type, text] = file;
  response.writeHead(200, {
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(text),
    ETag: `"${text.length.toString(16)}"`,
  });
  response.end(text);
}

function answerApache(response: ServerResponse, status: 400 | 403 | 404): void {
  const title = { 400: 'Bad Request', 403: 'Forbidden', 404: 'Not Found' }[status];
  const page = `<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>${status} ${title}</title>\n</head><body>\n<h1>${title}</h1>\n</body></html>\n`;
  response.writeHead(status, { 'Content-Type': 'text/html; charset=iso-8859-1', 'Content-Length': page.length }).end(page);
}
