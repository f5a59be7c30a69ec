// Hosts our own pages: one express application behind the request path, which has already judged the request. Express
// never sees a proxied request, an upgrade, or a header that could change what it believes about the connection.

import express from 'express';
import type { ErrorRequestHandler, Express, Router } from 'express';
import helmet from 'helmet';
import { Fault, faults } from '../core/faults.ts';
import type { FaultCode } from '../core/faults.ts';
import { reasons } from '../core/reasons.ts';
import type { Reason } from '../core/reasons.ts';
import { requestLine } from '../core/target/canonical-target.ts';
import type { Exchange, OperationsLog, OwnPageContext, OwnPages } from '../ports.ts';
import { contentSecurityPolicy } from '../pages/content-security-policy.ts';
import { clinicIn } from '../pages/clinic-in.ts';
import type { PageClinic } from '../pages/layout.ts';
import { refusalPage } from '../pages/refusal-page.ts';
import { wordsIn } from '../pages/words-in.ts';
import { servesPath } from '../pages/own-route.ts';
import type { OwnRoute, Reach } from '../pages/own-route.ts';
import type { NodeExchange } from './node-exchange.ts';

export interface OwnPagesNeeds {
  readonly log: OperationsLog;
  readonly clinic: PageClinic;
  /** Time in which a form sent to a page of ours must have arrived; 10 seconds where nothing is said. */
  readonly formTimeoutSeconds?: number;
  /** Routers with the routes they serve, such as the sign-in's and the console's. */
  readonly parts: readonly { readonly routes: readonly OwnRoute[]; readonly router: Router }[];
}

export function createOwnPages(needs: OwnPagesNeeds): OwnPages {
  const app = createApp(needs);
  const routes = needs.parts.flatMap((part) => part.routes);
  return {
    // A known path with another method is ours as well: the page answers 405, and the EHR never sees it.
    has: (reach: Reach, _method: string, path: string) =>
      routes.some((route) => route.reach === reach && servesPath(route, path)),
    serve: async (_reach, exchange, context) => serve(needs, app, exchange, context),
  };
}

/** Express finishes by ending the response; a client that went away finishes it as well. */
async function serve(
  needs: OwnPagesNeeds,
  app: Express,
  exchange: Exchange,
  context: OwnPageContext,
): Promise<{ readonly status: number }> {
  const { request, response } = nodeExchange(exchange);
  request.url = requestLine(context.target);
  Object.assign(response, { locals: { own: context } });
  const finished = new Promise<void>((resolve) => {
    response.once('finish', resolve);
    response.once('close', resolve);
  });
  const timer = setTimeout(
    () => giveUpForm(needs, request, response as express.Response),
    (needs.formTimeoutSeconds ?? 10) * 1000,
  );
  app(request, response);
  await finished;
  clearTimeout(timer);
  return { status: response.statusCode };
}

// Only a form that is still on its way is given up; a page that works long on a whole one may go on.
function giveUpForm(needs: OwnPagesNeeds, request: NodeExchange['request'], response: express.Response): void {
  if (request.complete) return;
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.shouldKeepAlive = false;
  sendProblem(needs, response, 'body-too-slow', reasons['body-too-slow'], null);
}

function nodeExchange(exchange: Exchange): Pick<NodeExchange, 'request' | 'response'> {
  if (exchange.isUpgrade) throw new Error('An upgrade was sent to a page of ours');
  if (!('request' in exchange && 'response' in exchange)) throw new Error('Our pages are served over HTTP only');
  return exchange as NodeExchange;
}

function createApp(needs: OwnPagesNeeds): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  // Addresses and schemes come from the request path; Express believes the socket and no header.
  app.set('trust proxy', false);
  app.set('query parser', false);
  app.enable('strict routing');
  app.enable('case sensitive routing');
  app.use(
    helmet({
      contentSecurityPolicy: false,
      // `no-referrer` would make browsers send `Origin: null` with our own forms.
      referrerPolicy: { policy: 'same-origin' },
      xFrameOptions: { action: 'sameorigin' },
    }),
  );
  app.use((_req, res, next) => {
    res.setHeader('Content-Security-Policy', contentSecurityPolicy());
    res.setHeader('Cache-Control', 'no-store');
    next();
  });
  for (const { router } of needs.parts) app.use(router);
  app.use((_req, res) => {
    sendProblem(needs, res, 'page-not-found', reasons['page-not-found'], null);
  });
  app.use(onError(needs));
  return app;
}

function onError(needs: OwnPagesNeeds): ErrorRequestHandler {
  return (cause: unknown, _req, res, next) => {
    if (res.headersSent) {
      next(cause);
      return;
    }
    const reason = formProblem(cause);
    if (reason !== null) {
      sendProblem(needs, res, reason, reasons[reason], null);
      return;
    }
    const fault = cause instanceof Fault ? cause : new Fault('internal', { cause });
    needs.log.error({ code: fault.code, cause, request: ownRequestId(res) }, 'A page of ours failed');
    const row: { status: number; title: string; retryAfterSeconds?: number } = faults[fault.code];
    if (row.retryAfterSeconds !== undefined) res.setHeader('Retry-After', String(row.retryAfterSeconds));
    sendProblem(needs, res, fault.code, row, fault.code === 'internal' || fault.message === row.title ? null : fault.message);
  };
}

/** What the body parser found wrong with a form. */
function formProblem(cause: unknown): Reason | null {
  if (typeof cause !== 'object' || cause === null || !('status' in cause) || !('type' in cause)) return null;
  if (cause.status === 413) return 'body-too-large';
  return typeof cause.status === 'number' && cause.status >= 400 && cause.status < 500 ? 'form-unreadable' : null;
}

function sendProblem(
  needs: OwnPagesNeeds,
  res: express.Response,
  code: Reason | FaultCode,
  { status }: { readonly status: number },
  detail: string | null,
): void {
  const clinic = clinicIn(needs.clinic, res.req.headers['accept-language']);
  // What is down for a moment is asked once more from the start.
  const remedy = status === 503 ? { remedy: { href: '/', label: wordsIn(clinic.language).ways.tryAgain } } : {};
  const page = refusalPage({
    clinic,
    detail,
    reason: code,
    rule: null,
    requestId: ownRequestId(res),
    ...remedy,
  });
  res.status(status).type('html').send(page);
}

function ownRequestId(res: express.Response): string {
  return (res.locals['own'] as OwnPageContext | undefined)?.requestId ?? '';
}
