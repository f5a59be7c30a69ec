// GET and POST /.wardgate/console/review and below: alerts, cases, their steps, and how often detectors are right. Judged by the
// rule for `wardgate.review` and recorded like it before any of it is reached.

import { urlencoded } from 'express';
import type { Request, RequestHandler, Response } from 'express';
import type { AskedOfCase, CaseRefused, Cases } from '../../case-ports.ts';
import { dispositions } from '../../core/cases/case.ts';
import type { Case } from '../../core/cases/case.ts';
import { caseStanding } from '../../core/cases/case-standing.ts';
import { concerns } from '../../core/cases/concerns.ts';
import { groupAlerts } from '../../core/cases/group-alerts.ts';
import { detectorPrecision } from '../../core/cases/precision.ts';
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
import { caseDocument, caseJson } from './case-export.ts';
import { casePage } from './case-page.ts';
import type { ReviewClinic } from './case-page.ts';
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

type Told = { readonly good: boolean; readonly says: string } | null;

const dayMilliseconds = 86_400_000;
const mostCases = 100;
const mostDisposed = 1000;
const kinds = ['finding', 'message', 'question', 'question-withheld', 'disposition', 'sanction', 'closed', 'reopened'] as const;
/** Steps that take no text. */
const wordless: readonly string[] = ['question-withheld', 'reopened'];

/** Two thousand characters, each of which may take twelve when it is sent, and the short fields. */
const readForm = urlencoded({ extended: false, inflate: false, limit: 32_768, parameterLimit: 8 });

export function showAlerts(needs: ReviewRouteNeeds): RequestHandler {
  return async (_req, res) => sendAlerts(needs, res, 200, null);
}

export function postAlerts(needs: ReviewRouteNeeds): readonly RequestHandler[] {
  return [
    readForm,
    guarded(needs, async (req, res, reviewer) => {
      const { alerts } = (req.body ?? {}) as Readonly<Record<string, unknown>>;
      const asked = typeof alerts === 'string' ? alerts.split(' ') : [];
      const numbers = asked.flatMap((one) => (/^\d{1,15}$/.test(one) ? [Number(one)] : []));
      const done = await needs.cases.open(reviewer, numbers);
      if ('refused' in done) return sendAlerts(needs, res, statusOf(done.refused), bad(needs, done.refused));
      await sendCase(needs, res, done.opened, 200, { good: true, says: 'The case is open, and on record.' });
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
      const step = stepIn((req.body ?? {}) as Readonly<Record<string, unknown>>);
      const refused = step === null ? 'not-yours' : await needs.cases.take(reviewer, id, step);
      const told = refused === null ? { good: true, says: 'That is done, and on record.' } : bad(needs, refused);
      await sendCase(needs, res, id, refused === null ? 200 : statusOf(refused), told);
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
    finish(res, 200, precisionPage(needs.clinic, detectorPrecision(disposed), disposed.length));
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

/** Null for a kind that no form of ours sends. */
function stepIn(body: Readonly<Record<string, unknown>>): AskedOfCase | null {
  const one = (name: string): string => (typeof body[name] === 'string' ? body[name] : '');
  const kind = kinds.find((name) => name === one('kind'));
  if (kind === undefined) return null;
  const suggested = kind === 'question' && one('suggested') !== '' ? suggestedQuestions[Number(one('suggested'))] : undefined;
  const disposition = dispositions.find((name) => name === one('disposition')) ?? null;
  return { kind, text: wordless.includes(kind) ? null : (suggested ?? one('text')), disposition };
}

async function sendAlerts(needs: ReviewRouteNeeds, res: Response, status: number, told: Told): Promise<void> {
  const { clinic, clock, cases, patients, deputy, localDay } = needs;
  const days = fieldNamed(res, 'days') === '30' ? 30 : 7;
  const which = fieldNamed(res, 'cases') === 'closed' ? 'closed' : 'open';
  const found = await cases.alerts(clock.now() - days * dayMilliseconds);
  const listed = await cases.list({ open: which === 'open', most: mostCases });
  const self = reviewerOf(res)?.person ?? null;
  const others = (one: Pick<Case, 'person' | 'alerts'>): boolean => self === null || !concerns(one, self);
  const alerts = found.filter(({ person }) => others({ person, alerts: [] }));
  const shown = listed.filter(others);
  const owners = new Map<number, string>();
  for (const { sequence } of alerts) {
    const of = await cases.ofAlert(sequence);
    if (of !== null) owners.set(sequence, of);
  }
  const known = await patients.show(tokensOf([...alerts, ...shown]));
  const own = found.length - alerts.length + (listed.length - shown.length);
  const groups = groupAlerts(alerts, owners, localDay);
  finish(res, status, alertsPage({ clinic, days, groups, own, deputy, which, cases: shown, known, told }));
}

async function sendCase(needs: ReviewRouteNeeds, res: Response, id: string, status: number, told: Told): Promise<void> {
  const { clinic, cases, patients, explain } = needs;
  const one = await cases.find(id);
  const self = reviewerOf(res)?.person ?? null;
  if (one === null) return refuse(needs, res, 'no-case');
  if (self !== null && concerns(one, self)) return refuse(needs, res, 'yourself');
  const known = await patients.show(tokensOf([one, ...one.alerts]));
  const explained = await explainedAlerts(explain, one.alerts);
  finish(res, status, casePage({ clinic, one, known, explained, told }));
}

function tokensOf(all: readonly { readonly patient: string | null }[]): readonly string[] {
  return [...new Set(all.flatMap(({ patient }) => patient ?? []))];
}

function fieldNamed(res: Response, name: string): string {
  const { target } = res.locals['own'] as OwnPageContext;
  const reading = fieldOf(readQuery(target.query, 'java'), name, 'java');
  return reading.kind === 'one' ? reading.value : '';
}

function bad({ deputy }: ReviewRouteNeeds, refused: CaseRefused): Told {
  return { good: false, says: refusedWords(refused, deputy) };
}

function refuse(needs: ReviewRouteNeeds, res: Response, refused: CaseRefused): void {
  finish(res, statusOf(refused), refusedPage(needs.clinic, refusedWords(refused, needs.deputy)));
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
