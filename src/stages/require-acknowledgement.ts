// Leads a person to the texts they have yet to acknowledge, before a page of the EHR opens. Only a page that is opened by itself
// is led there: a form, a script and a frame go on, because they would be lost, and the next page is. An emergency access goes
// before, and whoever has a chart open already is left in it.

import { end } from '../core/answer.ts';
import type { End } from '../core/answer.ts';
import type { ClinicText } from '../core/acknowledgement/clinic-text.ts';
import { dueTexts } from '../core/acknowledgement/due-texts.ts';
import type { Said } from '../core/acknowledgement/due-texts.ts';
import { wayBack } from '../core/ehr/credential-path.ts';
import { isEmergency } from '../core/session/is-emergency.ts';
import { isMachine } from '../core/session/machine-session.ts';
import type { Session } from '../core/session/session.ts';
import type { Acknowledgements } from '../acknowledgement-ports.ts';
import type { Authorized, Emergency, Identified, SignedIn, SubjectMatter, Targeted } from '../facts.ts';
import type { Soon } from '../ports.ts';
import type { Stage } from '../pipeline.ts';
import { isReserved } from './reserved-prefix.ts';

type Given = Identified & Targeted & SignedIn & SubjectMatter & Authorized & Emergency;

export interface RequireAcknowledgementNeeds {
  /** The clinic's texts; empty where there are none. */
  readonly clinicTexts: readonly ClinicText[];
  readonly acknowledgements: Pick<Acknowledgements, 'said' | 'latest'>;
  /** `YYYY-MM-DD` in the clinic. */
  readonly localDay: (now: number) => string;
}

export function requireAcknowledgement(needs: RequireAcknowledgementNeeds): Stage<Given, object> {
  const { clinicTexts, acknowledgements, localDay } = needs;
  return (facts) => {
    const { session } = facts;
    if (clinicTexts.length === 0 || isMachine(session) || !opensPage(facts) || goesBefore(facts, session)) return undefined;
    const at = { now: facts.arrivedAt, today: localDay(facts.arrivedAt) };
    const isDue = (said: Said): boolean => dueTexts(clinicTexts, session.roles, said, at).length > 0;
    const judge = (said: Said): Soon<End | undefined> => (isDue(said) ? lately() : undefined);
    const lately = async (): Promise<End | undefined> =>
      isDue(await acknowledgements.latest(session.subject)) ? lead(facts) : undefined;
    const said = acknowledgements.said(session.subject);
    return said instanceof Promise ? said.then(judge) : judge(said);
  };
}

function opensPage({ method, shape, target }: Given): boolean {
  return method === 'GET' && shape === 'page' && !isReserved(target.path);
}

function goesBefore({ grant, permit, patientSource }: Given, session: Session): boolean {
  if (grant !== null || permit.viaEmergency || isEmergency(session)) return true;
  return patientSource !== null && session.activity.last !== 'sign-in';
}

function lead({ method, target }: Given): End {
  const location = `/.wardgate/acknowledge?return=${encodeURIComponent(wayBack(method, target))}`;
  return end({ kind: 'plain', status: 303, headers: { location, 'cache-control': 'no-store' }, body: '' });
}
