// GET /.wardgate/console/overview: what goes on now. Judged by the rule for the console and recorded like it before this is
// reached. What its script asks for every second belongs to that look: it comes before the record (`overview/live` is a
// route of sessions), so it is judged by the same rules here, each time, and answered for a look that is on record alone. It
// never counts as a sign of the person.

import type { RequestHandler } from 'express';
import type { ClinicSettings } from '../config/settings.ts';
import { isKeptBack } from '../core/cases/kept-back.ts';
import { textsOf } from '../core/patients/show-patients.ts';
import { tokensIn } from '../core/patients/shown-tokens.ts';
import { fieldOf, readQuery } from '../core/policy/fields.ts';
import { judgeRestricted } from '../core/respond/judge-restricted.ts';
import { provedAt } from '../core/respond/proved-at.ts';
import type { Session } from '../core/session/session.ts';
import type { RulesInForce } from '../console-ports.ts';
import type { PatientNames } from '../patient-ports.ts';
import type { OwnPageContext, Randomness } from '../ports.ts';
import { contentSecurityPolicy } from '../pages/content-security-policy.ts';
import type { Restrictions } from '../restriction-ports.ts';
import type { LiveLooks } from './live-looks.ts';
import type { OverviewFigures, OverviewFiguresNeeds, OverviewSource } from './overview-figures.ts';
import { overviewPage, overviewPath } from './overview-page.ts';
import { liveView, overviewView } from './overview-view.ts';
import type { OverviewView } from './overview-view.ts';

export interface OverviewRouteNeeds extends OverviewFiguresNeeds {
  readonly clinic: Pick<ClinicSettings, 'name' | 'help' | 'timezone'> & Partial<Pick<ClinicSettings, 'logo'>>;
  readonly patients: PatientNames;
  readonly notices: () => readonly string[];
  readonly rulesInForce: RulesInForce;
  readonly randomness: Randomness;
  readonly restrictions: Pick<Restrictions, 'of'>;
}

export function showOverview(needs: OverviewRouteNeeds, source: OverviewSource, looks: LiveLooks): RequestHandler {
  return async (_req, res) => {
    const { session } = res.locals['own'] as OwnPageContext;
    const look = needs.randomness.id();
    looks.begin(look, session?.reference ?? '', needs.clock.now());
    const view = await viewOf(needs, await source.figures(), session);
    res.setHeader('Content-Security-Policy', contentSecurityPolicy());
    res.type('html').send(overviewPage({ clinic: needs.clinic, notices: needs.notices(), view, look }));
  };
}

/** A script hears no reason: whoever wants one opens the page. */
export function showLive(needs: OverviewRouteNeeds, source: OverviewSource, looks: LiveLooks): RequestHandler {
  return async (_req, res) => {
    const { session, zones, target } = res.locals['own'] as OwnPageContext;
    const asked = fieldOf(readQuery(target.query, 'java'), 'look', 'java');
    const number = asked.kind === 'one' ? asked.value : '';
    const goesOn =
      session !== null &&
      looks.goesOn(number, session.reference, needs.clock.now()) &&
      needs.rulesInForce.mayOpen(session, zones, overviewPath) &&
      !(await isHeld(needs, session));
    if (!goesOn) {
      res.status(403).json({ problem: 'This look has ended; open the overview once more' });
      return;
    }
    res.json(liveView(await viewOf(needs, await source.figures(), session)));
  };
}

/** Whoever is held after an alert watches no more either: what a look goes on with never meets the stage that holds. */
async function isHeld({ restrictions, clock }: OverviewRouteNeeds, session: Session): Promise<boolean> {
  const held = judgeRestricted(await restrictions.of(session.subject, clock.now()), provedAt(session), false);
  return held !== null && held.holds !== 'slow';
}

/** The figures are one for all readers; alerts about this one are taken out here. */
async function viewOf(
  { clinic, patients }: OverviewRouteNeeds,
  all: OverviewFigures,
  session: Session | null,
): Promise<OverviewView> {
  const figures = { ...all, alerts: all.alerts?.filter((one) => !isKeptBack(one, session?.subject ?? null)) ?? null };
  const tokens = tokensIn(textsOf(figures.alerts ?? []));
  const known = tokens.length === 0 ? new Map() : await patients.show(tokens);
  return overviewView(figures, clinic.timezone, known);
}
