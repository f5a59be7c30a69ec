// GET and POST /.wardgate/console/recertification, and …/sign: a reviewer decides who keeps which role, and signs it after a
// step-up. Judged by the rule for this part of the console and recorded like it before it is reached.

import { urlencoded } from 'express';
import type { Request, RequestHandler, Response } from 'express';
import type { ClinicSettings } from '../config/settings.ts';
import { fieldOf, readQuery } from '../core/policy/fields.ts';
import type { AskedDecision } from '../core/recertification/judge-decision.ts';
import { contentSecurityPolicy } from '../pages/content-security-policy.ts';
import type { OwnPageContext } from '../ports.ts';
import type { Recertifications, Reviewer } from '../recertification-ports.ts';
import { recertificationPage } from './recertification-page.ts';
import type { Told } from './recertification-page.ts';
import { signPage } from './recertification-sign-page.ts';
import { guarded, reviewerOf } from './reviewer-of.ts';

export interface RecertificationRouteNeeds {
  readonly clinic: Pick<ClinicSettings, 'name' | 'help' | 'timezone'> & Partial<Pick<ClinicSettings, 'logo'>>;
  readonly recertification: Recertifications;
  readonly originOf: (application: string) => string;
}

/** One field for each row of a page, and a few more. */
const parameterLimit = 120;
const longestForm = 8192;

const readForm = urlencoded({ extended: false, inflate: false, limit: longestForm, parameterLimit });

export function showRecertification(needs: RecertificationRouteNeeds): RequestHandler {
  return async (_req, res) => send(needs, res, 200);
}

export function postRecertification(needs: RecertificationRouteNeeds): readonly RequestHandler[] {
  return [readForm, guarded(needs, async (req, res, reviewer) => decide(needs, req, res, reviewer))];
}

export function showSigning(needs: RecertificationRouteNeeds): RequestHandler {
  return async (_req, res) => sendSigning(needs, res, null, 200);
}

export function postSigning(needs: RecertificationRouteNeeds): readonly RequestHandler[] {
  return [readForm, guarded(needs, async (req, res, reviewer) => sign(needs, req, res, reviewer))];
}

async function decide(needs: RecertificationRouteNeeds, req: Request, res: Response, reviewer: Reviewer): Promise<void> {
  const { row, decision, note, several } = (req.body ?? {}) as Readonly<Record<string, unknown>>;
  const given: unknown[] = Array.isArray(row) ? row : [row];
  const rows = given.flatMap((one) => (typeof one === 'string' && /^\d{1,6}$/.test(one) ? [Number(one)] : []));
  const asked = { rows, decision: text(decision), note: text(note), several: several === 'yes' };
  const refused = await needs.recertification.decide(reviewer, asked);
  if (refused === null) return send(needs, res, 200, 'decided');
  await send(needs, res, statusOf(refused), refused, asked);
}

async function sign(needs: RecertificationRouteNeeds, req: Request, res: Response, reviewer: Reviewer): Promise<void> {
  const { list } = (req.body ?? {}) as Readonly<Record<string, unknown>>;
  const refused = await needs.recertification.sign(reviewer, text(list));
  if (refused === null) return send(needs, res, 200, 'now-signed');
  await sendSigning(needs, res, refused, statusOf(refused));
}

function statusOf(refused: string): number {
  if (refused === 'yourself' || refused === 'not-confirmed') return 403;
  return ['signed', 'changed', 'no-campaign', 'undecided'].includes(refused) ? 409 : 400;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

async function send(
  needs: RecertificationRouteNeeds,
  res: Response,
  status: number,
  told: Told = null,
  filled: AskedDecision | null = null,
): Promise<void> {
  const { target } = res.locals['own'] as OwnPageContext;
  const reading = fieldOf(readQuery(target.query, 'java'), 'from', 'java');
  const from = reading.kind === 'one' && /^\d{1,6}$/.test(reading.value) ? Number(reading.value) : 1;
  const view = await needs.recertification.view();
  const reviewer = reviewerOf(res);
  finish(
    res,
    status,
    recertificationPage({ clinic: needs.clinic, view, reviewer: reviewer?.person ?? null, told, filled, from }),
  );
}

async function sendSigning(
  { clinic, recertification }: RecertificationRouteNeeds,
  res: Response,
  told: Parameters<typeof signPage>[0]['told'],
  status: number,
): Promise<void> {
  const view = await recertification.view();
  const reviewer = reviewerOf(res);
  const confirmed = view !== null && reviewer !== null && recertification.isConfirmed(view.campaign, reviewer);
  finish(res, status, signPage({ clinic, view, confirmed, told }));
}

function finish(res: Response, status: number, page: string): void {
  res.setHeader('Content-Security-Policy', contentSecurityPolicy());
  res.status(status).type('html').send(page);
}
