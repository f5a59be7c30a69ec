// GET and POST /.wardgate/console/disclosures: what is owed, and a disclosure that somebody tells of. Judged by the rule for the
// console and recorded like it before this is reached.

import { urlencoded } from 'express';
import type { Request, RequestHandler, Response } from 'express';
import type { ClinicSettings } from '../config/settings.ts';
import { auditEntry } from '../core/audit/entry.ts';
import { readDayMade } from '../core/disclosures/read-day.ts';
import { readDisclosure } from '../core/disclosures/read-disclosure.ts';
import type { DisclosureBook, DisclosureRecorder } from '../disclosure-ports.ts';
import { contentSecurityPolicy } from '../pages/content-security-policy.ts';
import type { Clock, OwnPageContext } from '../ports.ts';
import { consoleDisclosuresPage } from './disclosures-page.ts';
import type { ConsoleDisclosuresParts } from './disclosures-page.ts';
import { isOwnForm } from './own-form.ts';

export interface DisclosuresRouteNeeds {
  readonly clinic: Pick<ClinicSettings, 'name' | 'help' | 'timezone'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly disclosures: Pick<DisclosureBook, 'owed'>;
  readonly disclosureRecorder: DisclosureRecorder;
  /** The public origin of an application. */
  readonly originOf: (application: string) => string;
}

const names = ['recipient', 'address', 'description', 'purpose', 'basis', 'patients', 'count', 'made-on'] as const;
type Written = ConsoleDisclosuresParts['written'];

export function showDisclosures(needs: DisclosuresRouteNeeds): RequestHandler {
  return async (_req, res) => send(needs, res, {}, null, 200);
}

export function postDisclosures(needs: DisclosuresRouteNeeds): readonly RequestHandler[] {
  const form = urlencoded({ extended: false, inflate: false, limit: 16_384, parameterLimit: 12 });
  return [form, async (req, res) => add(needs, req, res)];
}

async function add(needs: DisclosuresRouteNeeds, req: Request, res: Response): Promise<void> {
  const context = res.locals['own'] as OwnPageContext;
  if (!isOwnForm(req, needs.originOf(context.application))) {
    res.status(403).type('text').send('This form must be sent from the console');
    return;
  }
  const body = (req.body ?? {}) as Readonly<Record<string, unknown>>;
  const written: Written = Object.fromEntries(names.map((name) => [name, typeof body[name] === 'string' ? body[name] : '']));
  const read = readDisclosure(written, false);
  if (!read.ok) return send(needs, res, written, wrong(`The ${read.field} is ${read.wrong.replace('-', ' ')}.`, read.field), 400);
  const day = readDayMade(written['made-on']?.trim() ?? '', needs.clock.now());
  if (!day.ok) return send(needs, res, written, wrong(`${day.why}.`, 'made-on'), 400);
  const { requestId: request, address, agent, application, session } = context;
  const { issuer = '', sub = '', name = '' } = session?.subject ?? {};
  const subject = { issuer, sub, name };
  const where = {
    request,
    address,
    agent,
    application,
    subject,
    roles: session?.roles ?? null,
    session: session?.reference ?? null,
  };
  const id = await needs.disclosureRecorder.record({
    entry: auditEntry('disclosure', needs.clock.now(), where),
    answer: { leaves: true, disclosure: read.disclosure, patients: read.patients },
    how: 'told by a person',
    madeAt: day.madeAt,
    madeOn: day.madeOn,
    who: { issuer, sub },
  });
  return send(needs, res, {}, { good: true, says: `Disclosure ${id ?? ''} is on record.` }, 200);
}

function wrong(says: string, field: string): ConsoleDisclosuresParts['told'] {
  return { good: false, says, field };
}

async function send(
  { clinic, disclosures }: DisclosuresRouteNeeds,
  res: Response,
  written: Written,
  told: ConsoleDisclosuresParts['told'],
  status: number,
): Promise<void> {
  const owed = await disclosures.owed();
  res.setHeader('Content-Security-Policy', contentSecurityPolicy());
  res.status(status).type('html').send(consoleDisclosuresPage({ clinic, owed, written, told }));
}
