// From a request to the page that answers it: find the route, find out who is asking, and let the page answer. What goes
// wrong on the way is answered plainly; a page that fails after its first byte has its connection cut.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { markup } from '../markup.ts';
import { MESSAGE_PATH, MessageLine } from './message-line.ts';
import { layout } from './pages/layout.ts';
import { answerPollTimeout } from './pages/wire.ts';
import { POLL_PATH, faultRoutes, matchPath, routes } from './routes.ts';
import type { EhrRoute } from './routes.ts';
import { signOn } from './sign-on.ts';
import type { SignOnWay } from './sign-on.ts';
import { answerHtml, answerText, redirect } from './visit.ts';
import type { EhrState, OpenVisit } from './visit.ts';

interface HandlerOptions {
  readonly signOn: { readonly way: SignOnWay; readonly headerName: string };
  readonly faults: boolean;
}

export class EhrRequestHandler {
  readonly #state: EhrState;
  readonly #options: HandlerOptions;
  readonly #routes: readonly EhrRoute[];
  readonly #line = new MessageLine();

  constructor(state: EhrState, options: HandlerOptions) {
    this.#state = state;
    this.#options = options;
    this.#routes = options.faults ? [...routes, ...faultRoutes] : routes;
  }

  /** Never rejects. */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('Server', 'Apache/2.2.11 (Meadow)');
    response.setHeader('X-Powered-By', 'MeadowScript/4.2');
    try {
      await this.#route(request, response);
    } catch {
      if (response.headersSent || response.destroyed) response.destroy();
      else response.writeHead(500, { 'Content-Type': 'text/plain', Connection: 'close' }).end('The application has failed\n');
    }
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path, query] = splitTarget(request.url ?? '');
    const visit: OpenVisit = { request, response, query: new URLSearchParams(query), captures: new Map(), ehr: this.#state };
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const fitting = this.#routes.filter((route) => matchPath(route.path, path) !== null);
    const route = fitting.find((one) => one.method === method);
    if (route === undefined)
      return fitting.length === 0 ? answerMissing(visit, path) : answerText(visit, 'Method not allowed\n', 405);
    const captures = matchPath(route.path, path) ?? visit.captures;
    if (route.open) {
      await route.answer({ ...visit, captures });
      return;
    }
    const result = signOn(request, this.#state.sessions, this.#options.signOn);
    if (!result.signedOn) return path === POLL_PATH ? answerPollTimeout(visit) : askToSignOn(visit, result.ask);
    if (result.setCookie !== null) response.setHeader('Set-Cookie', result.setCookie);
    await route.answer({ ...visit, captures, session: result.session });
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const [path] = splitTarget(request.url ?? '');
    const result = signOn(request, this.#state.sessions, this.#options.signOn);
    if (path !== MESSAGE_PATH) refuseUpgrade(socket, '404 Not Found');
    else if (!result.signedOn) refuseUpgrade(socket, '403 Forbidden');
    else this.#line.join(request, socket, head, result.session, result.setCookie);
  }

  close(): void {
    this.#line.close();
  }
}

/** The path is taken as it is: this EHR decodes nothing but what its query holds. */
function splitTarget(target: string): readonly [string, string] {
  const mark = target.indexOf('?');
  return mark < 0 ? [target, ''] : [target.slice(0, mark), target.slice(mark + 1)];
}

function askToSignOn(visit: OpenVisit, ask: 'form' | 'basic' | 'header'): void {
  switch (ask) {
    case 'form':
      return redirect(visit, '/login');
    case 'basic':
      visit.response.setHeader('WWW-Authenticate', 'Basic realm="Meadowbrook EHR"');
      return answerText(visit, 'Please log in\n', 401);
    case 'header':
      return answerText(visit, 'No known user in the trusted sign-on header\n', 403);
  }
}

function answerMissing(visit: OpenVisit, path: string): void {
  answerHtml(visit, layout('Not found', markup`<div class="message">There is no page at ${path}</div>`), 404);
}

function refuseUpgrade(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
