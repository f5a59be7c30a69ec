// GET /.wardgate/console/reports: the kinds, and one report as a page or a file. Judged by the rule for the console before this
// is reached; which report was made, and about whom, is on record before anything of it is shown.

import type { RequestHandler, Response } from 'express';
import type { ClinicSettings } from '../config/settings.ts';
import { auditEntry } from '../core/audit/entry.ts';
import type { Report } from '../core/report/report.ts';
import { contentSecurityPolicy } from '../pages/content-security-policy.ts';
import { reportCsv } from '../pages/report/report-csv.ts';
import { reportDocument } from '../pages/report/report-document.ts';
import { reportJson } from '../pages/report/report-json.ts';
import type { AuditLog, Clock, OwnPageContext } from '../ports.ts';
import type { ReportAsks, ReportSources } from '../report-ports.ts';
import { makeReport } from '../reports/make-report.ts';
import { reportKind, reportKinds } from '../reports/report-kinds.ts';
import type { ReportKind } from '../reports/report-kind.ts';
import { asksIn, isAsked, readReportForm } from './report-form.ts';
import type { AskedForm } from './report-form.ts';
import { askPage, reportPage, reportsPage } from './reports-page.ts';

export interface ReportsRouteNeeds {
  readonly clinic: Pick<ClinicSettings, 'name' | 'help' | 'timezone'> & Partial<Pick<ClinicSettings, 'logo'>>;
  readonly clock: Pick<Clock, 'now'>;
  readonly audit: Pick<AuditLog, 'append'>;
  /** What a report is made of at this moment. */
  readonly reportSources: () => ReportSources;
}

/** Reports that are made at once; each asks the one thread of the index. */
const mostAtOnce = 2;

const types: Readonly<Record<Exclude<AskedForm, 'page'>, string>> = {
  html: 'text/html; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
};

export function showReports(needs: ReportsRouteNeeds): RequestHandler {
  return (_req, res) => sendPage(res, 200, reportsPage(needs, reportKinds));
}

export function showReport(needs: ReportsRouteNeeds): RequestHandler {
  let running = 0;
  return async (req, res, next) => {
    const kind = reportKind(String(req.params['kind']));
    if (kind === null) {
      next();
      return;
    }
    const context = res.locals['own'] as OwnPageContext;
    const form = readReportForm(context.target.query);
    if (!isAsked(form) && form.as === 'page') return sendPage(res, 200, askPage(needs, kind, form, null));
    const read = asksIn(form, kind, needs.clinic.timezone, needs.clock.now());
    if ('problem' in read) return sendPage(res, 400, askPage(needs, kind, form, read));
    if (running >= mostAtOnce) {
      res.setHeader('Retry-After', '30');
      return sendPage(
        res,
        503,
        askPage(needs, kind, form, { problem: 'Other reports are being made; try again in half a minute.' }),
      );
    }
    running += 1;
    try {
      const sources = needs.reportSources();
      await record(needs, context, kind, read.asks, sources);
      const report = await makeReport(kind, read.asks, sources);
      if (form.as === 'page') sendPage(res, 200, reportPage(needs, kind, form, report));
      else sendFile(res, report, form.as);
    } finally {
      running -= 1;
    }
  };
}

/** On disk before it returns. The patient is named as the record names patients. */
async function record(
  { audit, clock }: ReportsRouteNeeds,
  { requestId, address, agent, application, session }: OwnPageContext,
  { name }: ReportKind,
  { period, person, patient, forPatient }: ReportAsks,
  { patients }: ReportSources,
): Promise<void> {
  const [token] = patient === null ? [] : await patients.tokensOf(patient);
  const span = period.month ?? `${iso(period.since)} to ${iso(period.until)}`;
  const about = [
    person === null ? [] : `person "${person.replaceAll('"', "'")}"`,
    token === undefined ? [] : `patient ${token}`,
    forPatient ? 'for the patient' : [],
  ].flat();
  const whose = session === null ? {} : { subject: nameOf(session.subject), roles: session.roles, session: session.reference };
  const detail = [`report "${name}" of ${span}`, ...about].join(', ');
  const where = { request: requestId, address, agent, application };
  const entry = auditEntry('report-made', clock.now(), { ...where, ...whose, decision: 'allowed', detail });
  const receipt = await audit.append(entry);
  await receipt.durable;
}

function nameOf({ issuer, sub, name }: NonNullable<OwnPageContext['session']>['subject']) {
  return { issuer, sub, name };
}

function sendPage(res: Response, status: number, page: string): void {
  res.setHeader('Content-Security-Policy', contentSecurityPolicy());
  res.status(status).type('html').send(page);
}

function sendFile(res: Response, report: Report, form: Exclude<AskedForm, 'page'>): void {
  const name = `${report.kind}-${report.period.month ?? iso(report.period.since).slice(0, 10)}.${form}`;
  res.setHeader('Content-Security-Policy', contentSecurityPolicy());
  res.setHeader('Content-Disposition', `attachment; filename="${name}"`);
  res.setHeader('Content-Type', types[form]);
  res.send(textOf(report, form));
}

function textOf(report: Report, form: Exclude<AskedForm, 'page'>): string {
  if (form === 'html') return reportDocument(report);
  return form === 'json' ? reportJson(report) : `${reportCsv(report).join('\r\n')}\r\n`;
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
