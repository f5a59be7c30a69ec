// GET and POST /.wardgate/console/review and below: alerts, cases, their steps, and how often detectors are right. Judged by the
// rule for `wardgate.review` and recorded like it before any of it is reached.

import { urlencoded } from 'express';
import type { Request, RequestHandler, Response } from 'express';
import type { AskedOfCase, CaseRefused, Cases } from '../../case-ports.ts';
import { dispositions } from '../../core/cases/case.ts';
import type { Case, CaseAlert } from '../../core/cases/case.ts';
import { caseStanding } from '../../core/cases/case-standing.ts';
import { concerns } from '../../core/cases/concerns.ts';
import { detectorPrecision } from '../../core/cases/precision.ts';
import { whomToAsk } from '../../core/people/whom-to-ask.ts';
import { fieldOf, readQuery } from '../../core/policy/fields.ts';
import type { PatientNames } from '../../patient-ports.ts';
import { contentSecurityPolicy } from '../../pages/content-security-policy.ts';
import type { Clock, OwnPageContext } from '../../ports.ts';
import type { Reviewer } from '../../recertification-ports.ts';
import type { Explain } from '../../relation-ports.ts';
import { explainedAlerts } from '../explained-records.ts';
import { isOwnForm } from '../own-form.ts';
import { reviewerOf } from '../reviewer-of.ts';
import { alertsPage } from './alerts-page.ts';
import { readAlertsForm } from './alerts-query.ts';
import { caseDocument, caseJson } from './case-export.ts';
import type { SentStep } from './case-forms.ts';
import { casePage } from './case-page.ts';
import type { CasePageParts, ReviewClinic } from './case-page.ts';
import { listAlerts } from './list-alerts.ts';
import { precisionPage } from './precision-page.ts';
import { refusedPage } from './refused-page.ts';
import { refusedWords, suggestedQuestions } from './review-words.ts';

export interface ReviewRouteNeeds {
  readonly clinic: ReviewClinic;
  readonly clock: Pick<Clock, 'now'>;
  readonly cases: Cases;
  readonly patients: Pick<PatientNames, 'show'>;
  readonly deputy: string | null;
  readonly localDay: (time: number) => string;
  readonly originOf: (application: string) => string;
  readonly explain: Explain;
}

interface Said {
  readonly good: boolean;
  readonly says: string;
}
type Told = Said | null;

const dayMilliseconds = 86_400_000;
const furtherDays = 30;
/** Alerts of the person of a case that its page offers to put to it. */
const mostFurther = 20;
const mostLooked = 100;
const mostDisposed = 1000;
const kinds = ['finding', 'message', 'question', 'question-withheld', 'disposition', 'sanction', 'closed', 'reopened'] as const;
/** Steps that take no text. */
const wordless: readonly string[] = ['question-withheld', 'reopened'];

/** Two thousand characters, each of which may take twelve when it is sent, the short fields, and a box for each further alert. */
const readForm = urlencoded({ extended: false, inflate: false, limit: 32_768, parameterLimit: 8 + mostFurther });

export function showAlerts(needs: ReviewRouteNeeds): RequestHandler {
  return async (_req, res) => sendAlerts(needs, res, 200, null);
}

export function postAlerts(needs: ReviewRouteNeeds): readonly RequestHandler[] {
  return [
    readForm,
    guarded(needs, async (req, res, reviewer) => {
      const { alerts, to } = (req.body ?? {}) as Readonly<Record<string, unknown>>;
      const numbers = numbersIn(alerts);
      const done = typeof to === 'string' ? await addTo(needs, reviewer, to, numbers) : await needs.cases.open(reviewer, numbers);
      if ('refused' in done) return sendAlerts(needs, res, statusOf(done.refused), bad(needs, res, done.refused));
      const says =
        typeof to === 'string' ? 'The alerts are in this case, and that is on record.' : 'The case is open, and on record.';
      await sendCase(needs, res, done.opened, 200, { good: true, says });
    }),
  ];
}

export function showCase(needs: ReviewRouteNeeds): RequestHandler {
  return async (_req, res) => sendCase(needs, res, fieldNamed(res, 'id'), 200, null);
}

export function postCase(needs: ReviewRouteNeeds): readonly RequestHandler[] {
  return [
    readForm,
    guarded(needs, async (req, res, reviewer) => {
      const id = fieldNamed(res, 'id');
      const body = (req.body ?? {}) as Readonly<Record<string, unknown>>;
      const refused = await take(needs, reviewer, id, body);
      if (refused === null) return sendCase(needs, res, id, 200, { good: true, says: 'That is done, and on record.' });
      await sendCase(needs, res, id, statusOf(refused), bad(needs, res, refused), sentIn(body));
    }),
  ];
}

export function exportCase(needs: ReviewRouteNeeds): RequestHandler {
  return async (_req, res) => {
    const reviewer = reviewerOf(res);
    if (reviewer === null) return refuse(needs, res, 'not-yours');
    const handed = await needs.cases.handOut(reviewer, fieldNamed(res, 'id'));
    if ('refused' in handed) return refuse(needs, res, handed.refused);
    const as = fieldNamed(res, 'as') === 'json' ? 'json' : 'html';
    const at = new Date(needs.clock.now()).toISOString();
    const out = { clinic: needs.clinic.name, at, by: reviewer.person.name, record: handed.record, one: handed.case };
    res.setHeader('Content-Security-Policy', contentSecurityPolicy());
    res.setHeader('Content-Disposition', `attachment; filename="case-${handed.case.id}.${as}"`);
    res.type(as).send(as === 'json' ? caseJson(out) : caseDocument(out));
  };
}

export function showPrecision(needs: ReviewRouteNeeds): RequestHandler {
  return async (_req, res) => {
    const cases = await needs.cases.list({ most: mostDisposed });
    const disposed = cases.flatMap((one) => {
      const { disposition } = caseStanding(one);
      return disposition === null ? [] : [{ disposition, detectors: one.alerts.flatMap(({ detector }) => detector ?? []) }];
    });
    const newest = cases.length === mostDisposed ? mostDisposed : null;
    finish(res, 200, precisionPage(needs.clinic, detectorPrecision(disposed), disposed.length, newest));
  };
}

function guarded(
  needs: ReviewRouteNeeds,
  act: (req: Request, res: Response, reviewer: Reviewer) => Promise<void>,
): RequestHandler {
  return async (req, res) => {
    const { application } = res.locals['own'] as OwnPageContext;
    const reviewer = reviewerOf(res);
    if (reviewer === null || !isOwnForm(req, needs.originOf(application))) {
      res.status(403).type('text').send('This form must be sent from the console');
      return;
    }
    await act(req, res, reviewer);
  };
}

async function take(
  { cases }: ReviewRouteNeeds,
  by: Reviewer,
  id: string,
  body: Readonly<Record<string, unknown>>,
): Promise<CaseRefused | null> {
  if (body['kind'] === 'alert-added') return cases.addAlerts(by, id, numbersIn(body['alert']));
  const step = stepIn(body);
  return step === null ? 'not-yours' : cases.take(by, id, step);
}

async function addTo({ cases }: ReviewRouteNeeds, by: Reviewer, id: string, alerts: readonly number[]) {
  const refused = await cases.addAlerts(by, id, alerts);
  return refused === null ? { opened: id } : { refused };
}

/** Numbers of records: between spaces, or a field for each. */
function numbersIn(sent: unknown): readonly number[] {
  const all = [sent].flat().flatMap((one: unknown) => (typeof one === 'string' ? one.split(' ') : []));
  return all.flatMap((one) => (/^\d{1,15}$/.test(one) ? [Number(one)] : []));
}

/** Null for a kind that no form of ours sends. */
function stepIn(body: Readonly<Record<string, unknown>>): AskedOfCase | null {
  const sent = sentIn(body);
  const kind = kinds.find((name) => name === sent.kind);
  if (kind === undefined) return null;
  const suggested = kind === 'question' && sent.suggested !== '' ? suggestedQuestions[Number(sent.suggested)] : undefined;
  const disposition = dispositions.find((name) => name === sent.disposition) ?? null;
  return { kind, text: wordless.includes(kind) ? null : (suggested ?? sent.text), disposition };
}

/** Browsers send two characters for the end of a line and count one. */
function sentIn(body: Readonly<Record<string, unknown>>): SentStep {
  const one = (name: string): string => (typeof body[name] === 'string' ? body[name] : '');
  return {
    kind: one('kind'),
    text: one('text').replaceAll('\r\n', '\n'),
    suggested: one('suggested'),
    disposition: one('disposition'),
  };
}

async function sendAlerts(needs: ReviewRouteNeeds, res: Response, status: number, told: Told): Promise<void> {
  const { clinic, clock, deputy } = needs;
  const form = readAlertsForm((res.locals['own'] as OwnPageContext).target.query);
  const self = reviewerOf(res)?.person ?? null;
  const listed = await listAlerts(needs, form, self, clock.now());
  finish(res, status, alertsPage({ clinic, form, listed, deputy: whomToAsk(self, deputy), told }));
}

async function sendCase(
  needs: ReviewRouteNeeds,
  res: Response,
  id: string,
  status: number,
  told: Told,
  sent: SentStep | null = null,
): Promise<void> {
  const { clinic, cases, patients, explain } = needs;
  const one = await cases.find(id);
  const self = reviewerOf(res)?.person ?? null;
  if (one === null) return refuse(needs, res, 'no-case');
  if (self !== null && concerns(one, self)) return refuse(needs, res, 'yourself');
  const known = await patients.show(tokensOf([one, ...one.alerts]));
  const explained = await explainedAlerts(explain, one.alerts);
  finish(res, status, casePage({ clinic, one, known, explained, further: await furtherAlerts(needs, one), told, sent }));
}

/** Of the same person and in no case yet. */
async function furtherAlerts({ cases, clock }: ReviewRouteNeeds, one: Case): Promise<CasePageParts['further']> {
  if (one.person === null || !caseStanding(one).open) return { alerts: [], more: false };
  const since = clock.now() - furtherDays * dayMilliseconds;
  const { alerts, next } = await cases.alerts({ since, person: one.person, most: mostLooked });
  const free: CaseAlert[] = [];
  for (const alert of alerts) if ((await cases.ofAlert(alert.sequence)) === null) free.push(alert);
  return { alerts: free.slice(0, mostFurther), more: next !== null || free.length > mostFurther };
}

function tokensOf(all: readonly { readonly patient: string | null }[]): readonly string[] {
  return [...new Set(all.flatMap(({ patient }) => patient ?? []))];
}

function fieldNamed(res: Response, name: string): string {
  const { target } = res.locals['own'] as OwnPageContext;
  const reading = fieldOf(readQuery(target.query, 'java'), name, 'java');
  return reading.kind === 'one' ? reading.value : '';
}

function bad({ deputy }: ReviewRouteNeeds, res: Response, refused: CaseRefused): Said {
  return { good: false, says: refusedWords(refused, whomToAsk(reviewerOf(res)?.person ?? null, deputy)) };
}

function refuse(needs: ReviewRouteNeeds, res: Response, refused: CaseRefused): void {
  finish(res, statusOf(refused), refusedPage(needs.clinic, bad(needs, res, refused).says));
}

function statusOf(refused: CaseRefused): number {
  if (['yourself', 'edits-rules', 'deputys', 'not-its-person', 'not-yours'].includes(refused)) return 403;
  if (refused === 'no-case') return 404;
  return ['no-text', 'text-too-long', 'no-disposition-chosen', 'no-alerts', 'several-people'].includes(refused) ? 400 : 409;
}

function finish(res: Response, status: number, page: string): void {
  res.setHeader('Content-Security-Policy', contentSecurityPolicy());
  res.status(status).type('html').send(page);
}
