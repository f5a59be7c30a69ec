// The privacy officer's pages: who opened what lately, and who is signed in now, and reports. Opening them stands in the audit itself; only
// the page of sessions changes anything.

import { Router } from 'express';
import type { Request, Response } from 'express';
import type { ClinicSettings } from '../config/settings.ts';
import { textsOf } from '../core/patients/show-patients.ts';
import { tokensIn } from '../core/patients/shown-tokens.ts';
import type { PatientNames } from '../patient-ports.ts';
import type { Clock, OwnPageContext } from '../ports.ts';
import type { Explain } from '../relation-ports.ts';
import type { RecordSearch } from '../search-ports.ts';
import type { FoundPatient, PatientSearch } from '../directory-ports.ts';
import { contentSecurityPolicy } from '../pages/content-security-policy.ts';
import { disclosuresPath } from './disclosures-page.ts';
import { postDisclosures, showDisclosures } from './disclosures-route.ts';
import type { DisclosuresRouteNeeds } from './disclosures-route.ts';
import { readRecordForm, recordQuery } from './record-query.ts';
import { recordsPage } from './records-page.ts';
import { explainedRecords } from './explained-records.ts';
import { changesPath } from './changes-page.ts';
import { showChanges } from './changes-route.ts';
import type { ChangesRouteNeeds } from './changes-route.ts';
import { recertificationPath, signingPath } from './recertification-page.ts';
import { postRecertification, postSigning, showRecertification, showSigning } from './recertification-route.ts';
import type { RecertificationRouteNeeds } from './recertification-route.ts';
import { reportsPath } from './reports-page.ts';
import { showReport, showReports } from './reports-route.ts';
import type { ReportsRouteNeeds } from './reports-route.ts';
import { responsesPath } from './responses-page.ts';
import { postResponses, showResponses } from './responses-route.ts';
import type { ResponsesRouteNeeds } from './responses-route.ts';
import { sessionsPath } from './sessions-page.ts';
import { postSessions, showSessions } from './sessions-route.ts';
import type { SessionsRouteNeeds } from './sessions-route.ts';

export interface ConsoleNeeds
  extends
    SessionsRouteNeeds,
    ChangesRouteNeeds,
    RecertificationRouteNeeds,
    ReportsRouteNeeds,
    DisclosuresRouteNeeds,
    ResponsesRouteNeeds {
  readonly clinic: Pick<ClinicSettings, 'name' | 'help' | 'timezone'> & Partial<Pick<ClinicSettings, 'logo'>>;
  readonly clock: Clock;
  readonly records: RecordSearch;
  readonly patients: PatientNames;
  readonly directory: Pick<PatientSearch, 'find'>;
  readonly explain: Explain;
  /** What is wrong with the gateway itself, such as a certificate that ends soon: whole sentences, most often none. */
  readonly notices: () => readonly string[];
}

/** The newest records shown at once, and people of one name among whom somebody chooses. */
const shown = 200;
const mostNamed = 20;

export function createConsole(needs: ConsoleNeeds): Router {
  const { clinic, clock, records, notices, patients, directory } = needs;
  const router = Router({ strict: true, caseSensitive: true });
  router.get('/.wardgate/console', async (_req: Request, res: Response) => {
    const { target } = res.locals['own'] as OwnPageContext;
    const form = readRecordForm(target.query);
    const whose = form.patient === '' ? null : await directory.find(form.patient, mostNamed);
    const found = await records.search(recordQuery(form, askedFor(form.patient, whose), clock.now()), shown);
    const known = await patients.show(tokensIn(textsOf(found.requests)));
    const explanations = await explainedRecords(needs.explain, found.requests);
    res.setHeader('Content-Security-Policy', contentSecurityPolicy());
    res.type('html').send(recordsPage({ clinic, notices: notices(), form, whose, found, known, explanations }));
  });
  router.get(changesPath, showChanges(needs));
  router.get(recertificationPath, showRecertification(needs));
  router.post(recertificationPath, ...postRecertification(needs));
  router.get(signingPath, showSigning(needs));
  router.post(signingPath, ...postSigning(needs));
  router.get(reportsPath, showReports(needs));
  router.get(`${reportsPath}/:kind`, showReport(needs));
  router.get(sessionsPath, showSessions(needs));
  router.post(sessionsPath, ...postSessions(needs));
  router.get(responsesPath, showResponses(needs));
  router.post(responsesPath, ...postResponses(needs));
  router.get(disclosuresPath, showDisclosures(needs));
  router.post(disclosuresPath, ...postDisclosures(needs));
  return router;
}

/** What records hold for a patient: tokens, and in those that are older than tokens the ids themselves. Nobody while it may be several. */
function askedFor(text: string, whose: FoundPatient | null): readonly string[] {
  if (whose === null || whose.found === 'several') return [];
  return [...new Set([text, ...whose.tokens, ...(whose.patient?.ids.map(({ id }) => id) ?? [])])];
}
