// GET and POST /.wardgate/console/review/certified, and below it one review, its signature and its certificate. Judged by the
// rule for this part of the console and recorded like it before it is reached.

import { urlencoded } from 'express';
import type { Request, RequestHandler, Response, Router } from 'express';
import { fieldOf, readQuery } from '../core/policy/fields.ts';
import { whomToAsk } from '../core/people/whom-to-ask.ts';
import { isAbout } from '../core/review/judge-disposal.ts';
import type { AskedDisposal } from '../core/review/judge-disposal.ts';
import { contentSecurityPolicy } from '../pages/content-security-policy.ts';
import { html } from '../pages/html.ts';
import { layout } from '../pages/layout.ts';
import type { PatientNames } from '../patient-ports.ts';
import type { Clock, OwnPageContext } from '../ports.ts';
import type { ReportSources } from '../report-ports.ts';
import { lookAtEmergency } from '../reports/look-at-emergency.ts';
import type { Reviewer } from '../recertification-ports.ts';
import type { Explain } from '../relation-ports.ts';
import type { ReviewView, Reviews } from '../review-ports.ts';
import { certificatePage } from './certificate-page.ts';
import { explainedItems } from './explained-records.ts';
import { reviewPage, shownItems } from './review-page.ts';
import type { ReviewTold } from './review-page.ts';
import { reviewSignPage } from './review-sign-page.ts';
import { guarded, reviewerOf } from './reviewer-of.ts';
import { reviewsPage, reviewsPath } from './reviews-page.ts';
import type { ReviewClinic } from './reviews-page.ts';

export interface ReviewsRouteNeeds {
  readonly clinic: ReviewClinic;
  readonly clock: Pick<Clock, 'now'>;
  readonly reviews: Reviews;
  readonly originOf: (application: string) => string;
  readonly explain: Explain;
  readonly patients: Pick<PatientNames, 'show'>;
  readonly reportSources: () => ReportSources;
  /** SHA-256, hex. */
  readonly hash: (text: string) => string;
}

/** One field for each item of a page, and a few more. */
const parameterLimit = 120;
const longestForm = 8192;
const readForm = urlencoded({ extended: false, inflate: false, limit: longestForm, parameterLimit });
const idPattern = /^(?:triage|monthly|emergency)-[0-9-]{1,16}$/;

export function reviewsRoutes(router: Router, needs: ReviewsRouteNeeds): void {
  const { clinic, clock, reviews } = needs;
  router.get(reviewsPath, async (_req, res) => {
    finish(
      res,
      200,
      reviewsPage({
        clinic,
        ...(await reviews.page(fromOf(res))),
        from: fromOf(res),
        now: clock.now(),
        deputy: whomToAsk(reviewerOf(res)?.person ?? null, reviews.deputy),
      }),
    );
  });
  router.get(
    `${reviewsPath}/:id`,
    withView(needs, async (_req, res, view) => send(needs, res, view, 200)),
  );
  router.post(
    `${reviewsPath}/:id`,
    readForm,
    guarded(needs, async (req, res, reviewer) => dispose(needs, req, res, reviewer)),
  );
  router.get(
    `${reviewsPath}/:id/sign`,
    withView(needs, async (req, res, view) => sendSigning(needs, res, view, null, 200)),
  );
  router.post(
    `${reviewsPath}/:id/sign`,
    readForm,
    guarded(needs, async (req, res, reviewer) => sign(needs, req, res, reviewer)),
  );
  router.get(
    `${reviewsPath}/:id/certificate`,
    withView(needs, async (req, res, view) => certificate(needs, res, view)),
  );
}

function withView(
  needs: ReviewsRouteNeeds,
  show: (req: Request, res: Response, view: ReviewView) => Promise<void>,
): RequestHandler {
  return async (req, res) => {
    const id = idOf(req);
    const view = id === null ? null : await needs.reviews.view(id);
    if (view === null) noSuch(needs, res);
    else await show(req, res, view);
  };
}

async function dispose(needs: ReviewsRouteNeeds, req: Request, res: Response, reviewer: Reviewer): Promise<void> {
  const id = idOf(req);
  const { item, disposition, note, several } = (req.body ?? {}) as Readonly<Record<string, unknown>>;
  const given: unknown[] = Array.isArray(item) ? item : [item];
  const items = given.flatMap((one) => (typeof one === 'string' && /^\d{1,6}$/.test(one) ? [Number(one)] : []));
  const asked = { items, disposition: text(disposition), note: text(note), several: several === 'yes' };
  const refused = id === null ? 'no-review' : await needs.reviews.dispose(reviewer, id, asked);
  const view = id === null || refused === 'no-review' ? null : await needs.reviews.view(id);
  if (view === null || refused === 'no-review') return noSuch(needs, res);
  if (refused === null) return send(needs, res, view, 200, 'disposed');
  await send(needs, res, view, statusOf(refused), refused, asked);
}

async function sign(needs: ReviewsRouteNeeds, req: Request, res: Response, reviewer: Reviewer): Promise<void> {
  const id = idOf(req);
  const { list } = (req.body ?? {}) as Readonly<Record<string, unknown>>;
  const refused = id === null ? 'no-review' : await needs.reviews.sign(reviewer, id, text(list));
  const view = id === null || refused === 'no-review' ? null : await needs.reviews.view(id);
  if (view === null || refused === 'no-review') return noSuch(needs, res);
  if (refused === null) return send(needs, res, view, 200, 'now-signed');
  await sendSigning(needs, res, view, refused, statusOf(refused));
}

async function certificate(needs: ReviewsRouteNeeds, res: Response, view: ReviewView): Promise<void> {
  const { clinic, hash } = needs;
  const { statement, signedAt } = view.review;
  if (statement === null || signedAt === null) return noSuch(needs, res);
  const reader = reviewerOf(res)?.person ?? null;
  if (fieldIn(res, 'as') !== 'json') return finish(res, 200, certificatePage(clinic, view, hash(statement), reader));
  // The exact text cannot be handed out without what was found of whoever asks for it.
  if (reader !== null && view.review.items.some((item) => isAbout(item, reader))) {
    res
      .status(403)
      .type('text')
      .send('Some of this is about you: another reviewer takes it out, or IT by wardgate review certificate');
    return;
  }
  res.setHeader('Content-Disposition', `attachment; filename="${view.review.id}.json"`);
  res.status(200).type('json').send(statement);
}

function statusOf(refused: string): number {
  if (['yourself', 'edits-rules', 'deputys', 'not-confirmed'].includes(refused)) return 403;
  return ['signed', 'changed', 'open-items', 'unsigned-kind', 'case-refused'].includes(refused) ? 409 : 400;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function idOf(req: Request): string | null {
  const { id } = req.params;
  return typeof id === 'string' && idPattern.test(id) ? id : null;
}

function fieldIn(res: Response, name: string): string {
  const { target } = res.locals['own'] as OwnPageContext;
  const reading = fieldOf(readQuery(target.query, 'java'), name, 'java');
  return reading.kind === 'one' ? reading.value : '';
}

/** How many reviews stand before the page. */
function fromOf(res: Response): number {
  const given = fieldIn(res, 'from');
  return /^\d{1,6}$/.test(given) ? Number(given) : 0;
}

function noSuch({ clinic }: ReviewsRouteNeeds, res: Response): void {
  const body = html`<p>It was never prepared, or it is not signed yet.</p>
    <p class="ways"><a class="button plain" href="${reviewsPath}">All reviews</a></p>`;
  finish(res, 404, layout({ title: 'There is no such review', clinic: { ...clinic, language: 'en' }, body }));
}

async function send(
  { clinic, reviews, reportSources, explain, patients }: ReviewsRouteNeeds,
  res: Response,
  view: ReviewView,
  status: number,
  told: ReviewTold = null,
  filled: AskedDisposal | null = null,
): Promise<void> {
  const given = fieldIn(res, 'from');
  const from = /^\d{1,6}$/.test(given) ? Number(given) : 1;
  const reviewer = reviewerOf(res)?.person ?? null;
  const done = view.opened === null ? null : await lookAtEmergency(view.opened, reportSources());
  const items = view.review.items.filter(({ number }) => number >= from && number < from + shownItems);
  const explained = await explainedItems(explain, items);
  const tokens = [...items, ...(done?.pages ?? [])].flatMap(({ patient }) => patient ?? []);
  const known = await patients.show([...new Set(tokens)]);
  finish(res, status, reviewPage({ clinic, view, done, reviewer, deputy: reviews.deputy, explained, known, told, filled, from }));
}

async function sendSigning(
  { clinic, reviews }: ReviewsRouteNeeds,
  res: Response,
  view: ReviewView,
  told: Parameters<typeof reviewSignPage>[0]['told'],
  status: number,
): Promise<void> {
  const reviewer = reviewerOf(res);
  const confirmed = reviewer !== null && reviews.isConfirmed(view.review, reviewer);
  finish(res, status, reviewSignPage({ clinic, view, reviewer: reviewer?.person ?? null, confirmed, told }));
}

function finish(res: Response, status: number, page: string): void {
  res.setHeader('Content-Security-Policy', contentSecurityPolicy());
  res.status(status).type('html').send(page);
}
