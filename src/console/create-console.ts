// The privacy officer's pages: who opened what lately, and who is signed in now, and reports. Opening them stands in the audit itself; only
// the pages of sessions and of ends change anything.

import { Router } from 'express';
import type { Request, Response } from 'express';
import { consoleFrame } from './console-frame.ts';
import { consoleRoutes } from './console-routes.ts';
import { LiveLooks } from './live-looks.ts';
import { OverviewSource } from './overview-figures.ts';
import { livePath, overviewPath } from './overview-page.ts';
import { showLive, showOverview } from './overview-route.ts';
import { healthPath, showHealth } from './health-route.ts';
import type { HealthRouteNeeds } from './health-route.ts';
import { peoplePath, personPath } from './people-page.ts';
import { showPeople, showPerson } from './people-route.ts';
import type { PeopleRouteNeeds } from './people-route.ts';
import { showWhatIf, whatIfPath } from './what-if-route.ts';
import type { OverviewRouteNeeds } from './overview-route.ts';
import type { ClinicSettings } from '../config/settings.ts';
import { isKeptBack } from '../core/cases/kept-back.ts';
import { textsOf } from '../core/patients/show-patients.ts';
import { tokensIn } from '../core/patients/shown-tokens.ts';
import type { PatientNames } from '../patient-ports.ts';
import type { Clock, OwnPageContext } from '../ports.ts';
import type { Explain } from '../relation-ports.ts';
import type { Restrictions } from '../restriction-ports.ts';
import type { RecordSearch } from '../search-ports.ts';
import type { ReportRecords } from '../report-ports.ts';
import type { FoundPatient, PatientSearch } from '../directory-ports.ts';
import { contentSecurityPolicy } from '../pages/content-security-policy.ts';
import { disclosuresPath } from './disclosures-page.ts';
import { postDisclosures, showDisclosures } from './disclosures-route.ts';
import type { DisclosuresRouteNeeds } from './disclosures-route.ts';
import { endPersonPath } from './end-person-page.ts';
import { postEndPerson, showEndPerson } from './end-person-route.ts';
import type { EndPersonRouteNeeds } from './end-person-route.ts';
import { readRecordForm, recordQuery } from './record-query.ts';
import { recordsPage } from './records-page.ts';
import { explainedRecords } from './explained-records.ts';
import { changesPath } from './changes-page.ts';
import { showChanges } from './changes-route.ts';
import type { ChangesRouteNeeds } from './changes-route.ts';
import { recertificationPath, signingPath } from './recertification-page.ts';
import { postRecertification, postSigning, showRecertification, showSigning } from './recertification-route.ts';
import type { RecertificationRouteNeeds } from './recertification-route.ts';
import { reviewsRoutes } from './reviews-route.ts';
import type { ReviewsRouteNeeds } from './reviews-route.ts';
import { reportsPath } from './reports-page.ts';
import { showReport, showReports } from './reports-route.ts';
import type { ReportsRouteNeeds } from './reports-route.ts';
import { exportCase, postAlerts, postCase, showAlerts, showCase, showPrecision } from './review/review-route.ts';
import type { ReviewRouteNeeds } from './review/review-route.ts';
import { caseExportPath, casePath, precisionPath, reviewPath } from './review/review-words.ts';
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
    ReviewsRouteNeeds,
    ReportsRouteNeeds,
    DisclosuresRouteNeeds,
    ReviewRouteNeeds,
    OverviewRouteNeeds,
    HealthRouteNeeds,
    PeopleRouteNeeds,
    ResponsesRouteNeeds,
    EndPersonRouteNeeds {
  readonly clinic: Pick<ClinicSettings, 'name' | 'help' | 'timezone'> & Partial<Pick<ClinicSettings, 'logo'>>;
  readonly clock: Clock;
  readonly sessions: SessionsRouteNeeds['sessions'];
  readonly restrictions: Restrictions;
  readonly records: RecordSearch & Pick<ReportRecords, 'tally'>;
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
  const source = new OverviewSource(needs);
  const looks = new LiveLooks();
  router.use('/.wardgate/console', consoleFrame(needs.rulesInForce, consoleRoutes, clinic.timezone));
  router.get(overviewPath, showOverview(needs, source, looks));
  router.get(peoplePath, showPeople(needs));
  router.get(personPath, showPerson(needs));
  router.get(whatIfPath, showWhatIf(needs));
  router.get(healthPath, showHealth(needs));
  router.get(livePath, showLive(needs, source, looks));
  router.get('/.wardgate/console', async (_req: Request, res: Response) => {
    const { target, session } = res.locals['own'] as OwnPageContext;
    const form = readRecordForm(target.query);
    const whose = form.patient === '' ? null : await directory.find(form.patient, mostNamed);
    const page = await records.search(recordQuery(form, askedFor(form.patient, whose), clock.now()), shown);
    const found = { ...page, requests: page.requests.filter((one) => !isKeptBack(one, session?.subject ?? null)) };
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
  reviewsRoutes(router, needs);
  router.get(reportsPath, showReports(needs));
  router.get(`${reportsPath}/:kind`, showReport(needs));
  router.get(reviewPath, showAlerts(needs));
  router.post(reviewPath, ...postAlerts(needs));
  router.get(casePath, showCase(needs));
  router.post(casePath, ...postCase(needs));
  router.get(caseExportPath, exportCase(needs));
  router.get(precisionPath, showPrecision(needs));
  router.get(sessionsPath, showSessions(needs));
  router.post(sessionsPath, ...postSessions(needs));
  router.get(responsesPath, showResponses(needs));
  router.post(responsesPath, ...postResponses(needs));
  router.get(endPersonPath, showEndPerson(needs));
  router.post(endPersonPath, ...postEndPerson(needs));
  router.get(disclosuresPath, showDisclosures(needs));
  router.post(disclosuresPath, ...postDisclosures(needs));
  return router;
}

/** What records hold for a patient: tokens, and in those that are older than tokens the ids themselves. Nobody while it may be several. */
function askedFor(text: string, whose: FoundPatient | null): readonly string[] {
  if (whose === null || whose.found === 'several') return [];
  return [...new Set([text, ...whose.tokens, ...(whose.patient?.ids.map(({ id }) => id) ?? [])])];
}
