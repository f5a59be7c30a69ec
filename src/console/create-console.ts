// The privacy officer's pages: who opened what lately, and who is signed in now. Opening them stands in the audit itself; only
// the page of sessions changes anything.

import { Router } from 'express';
import type { Request, Response } from 'express';
import type { ClinicSettings } from '../config/settings.ts';
import { textsOf } from '../core/patients/show-patients.ts';
import { tokensIn } from '../core/patients/shown-tokens.ts';
import type { PatientNames } from '../patient-ports.ts';
import type { Clock, OwnPageContext } from '../ports.ts';
import type { RecordSearch } from '../search-ports.ts';
import { contentSecurityPolicy } from '../pages/content-security-policy.ts';
import { readRecordForm, recordQuery } from './record-query.ts';
import { recordsPage } from './records-page.ts';
import { sessionsPath } from './sessions-page.ts';
import { postSessions, showSessions } from './sessions-route.ts';
import type { SessionsRouteNeeds } from './sessions-route.ts';

export interface ConsoleNeeds extends SessionsRouteNeeds {
  readonly clinic: Pick<ClinicSettings, 'name' | 'help' | 'timezone'> & Partial<Pick<ClinicSettings, 'logo'>>;
  readonly clock: Clock;
  readonly records: RecordSearch;
  readonly patients: PatientNames;
  /** What is wrong with the gateway itself, such as a certificate that ends soon: whole sentences, most often none. */
  readonly notices: () => readonly string[];
}

/** The newest records shown at once. */
const shown = 200;

export function createConsole(needs: ConsoleNeeds): Router {
  const { clinic, clock, records, notices, patients } = needs;
  const router = Router({ strict: true, caseSensitive: true });
  router.get('/.wardgate/console', async (_req: Request, res: Response) => {
    const { target } = res.locals['own'] as OwnPageContext;
    const form = readRecordForm(target.query);
    // Records that are older than tokens hold the id itself.
    const asked = form.patient === '' ? [] : [form.patient, ...(await patients.tokensOf(form.patient))];
    const found = await records.search(recordQuery(form, asked, clock.now()), shown);
    const known = await patients.show(tokensIn(textsOf(found.requests)));
    res.setHeader('Content-Security-Policy', contentSecurityPolicy());
    res.type('html').send(recordsPage({ clinic, notices: notices(), form, found, known }));
  });
  router.get(sessionsPath, showSessions(needs));
  router.post(sessionsPath, ...postSessions(needs));
  return router;
}
