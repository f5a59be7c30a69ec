// GET /.wardgate/console/people, and …/person: who has ever signed in here, and one person's week. Whose week was looked at is on
// record, beside the look itself, before anything of it is shown.

import type { RequestHandler } from 'express';
import type { ClinicSettings } from '../config/settings.ts';
import { isKeptBack } from '../core/cases/kept-back.ts';
import { auditEntry } from '../core/audit/entry.ts';
import type { PatientNames } from '../patient-ports.ts';
import type { PeopleRegister } from '../people-ports.ts';
import type { AuditLog, Clock, OwnPageContext } from '../ports.ts';
import type { ReportRecords } from '../report-ports.ts';
import type { SessionList } from '../session-ports.ts';
import { oneField } from './one-field.ts';
import { peoplePage } from './people-page.ts';
import { personPage } from './person-page.ts';
import { personWeek, weekMilliseconds } from './person-week.ts';
import { sendPage } from './send-page.ts';

export interface PeopleRouteNeeds {
  readonly clinic: Pick<ClinicSettings, 'name' | 'help' | 'timezone'> & Partial<Pick<ClinicSettings, 'logo'>>;
  readonly clock: Pick<Clock, 'now'>;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly people: Pick<PeopleRegister, 'all'>;
  readonly sessions: SessionList;
  readonly records: Pick<ReportRecords, 'search' | 'tally'>;
  readonly patients: PatientNames;
  readonly running: (key: string) => number;
}

/** People on one page; whoever is not among them is searched for. */
const shown = 200;

export function showPeople({ clinic, people, sessions }: PeopleRouteNeeds): RequestHandler {
  return async (_req, res) => {
    const { target } = res.locals['own'] as OwnPageContext;
    const search = oneField(target.query, 'search');
    const wanted = search.toLowerCase();
    const all = (await people.all()).filter(({ name, displayName }) =>
      [name, displayName].some((one) => one?.toLowerCase().includes(wanted)),
    );
    const signedIn = new Set(sessions.all().map(({ subject }) => `${subject.issuer} ${subject.sub}`));
    const listed = all.slice(0, shown).map((person) => ({ person, isSignedIn: signedIn.has(`${person.issuer} ${person.sub}`) }));
    sendPage(res, peoplePage({ clinic, search, people: listed, more: all.length - listed.length }));
  };
}

export function showPerson(needs: PeopleRouteNeeds): RequestHandler {
  return async (_req, res, next) => {
    const context = res.locals['own'] as OwnPageContext;
    const name = oneField(context.target.query, 'name');
    const found = (await needs.people.all()).filter((one) => one.name === name);
    if (name === '' || found.length === 0) {
      next();
      return;
    }
    await record(needs, context, name);
    const reader = context.session?.subject ?? null;
    const all = await personWeek(needs, name);
    const week = { ...all, alerts: all.alerts.filter((one) => !isKeptBack(one, reader)) };
    const isReader = found.some(({ issuer, sub }) => issuer === reader?.issuer && sub === reader.sub);
    const sessions = needs.sessions
      .all()
      .filter(({ subject }) => subject.name === name)
      .map((session) => ({ session, running: needs.running(session.key) }));
    sendPage(res, personPage({ clinic: needs.clinic, people: found, name, week, isReader, sessions }));
  };
}

/** On disk before it returns. */
async function record(
  { audit, clock }: PeopleRouteNeeds,
  { requestId: request, address, agent, application, session }: OwnPageContext,
  name: string,
): Promise<void> {
  const now = clock.now();
  const span = `${new Date(now - weekMilliseconds).toISOString()} to ${new Date(now).toISOString()}`;
  const detail = `report "week" of ${span}, person "${name.replaceAll('"', "'")}"`;
  const where = { request, address, agent, application, decision: 'allowed', detail } as const;
  const { issuer = '', sub = '', name: by = '' } = session?.subject ?? {};
  const whose = session === null ? {} : { subject: { issuer, sub, name: by }, roles: session.roles, session: session.reference };
  const receipt = await audit.append(auditEntry('report-made', now, { ...where, ...whose }));
  await receipt.durable;
}
