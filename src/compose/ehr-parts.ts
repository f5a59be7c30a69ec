// Wires what signs people on to the EHRs and off again: one way for each application, the trial of a new password, and
// the logout that follows the end of a session.

import { oneGateway } from '../adapters/one-gateway.ts';
import type { ApplicationSettings } from '../config/settings.ts';
import { auditEntry } from '../core/audit/entry.ts';
import { valuesIn } from '../core/ehr/jar.ts';
import { sessionOf } from '../core/session/caller-words.ts';
import { isMachine } from '../core/session/machine-session.ts';
import type { Caller } from '../core/session/machine-session.ts';
import { FailureBrake } from '../ehr/failure-brake.ts';
import { logOut, logOutOfEhrs } from '../ehr/log-out-of-ehrs.ts';
import { RecipeSignOn } from '../ehr/recipe-sign-on.ts';
import type { RecipeSignOnNeeds } from '../ehr/recipe-sign-on.ts';
import { basic } from '../ehr/sign-on-basic.ts';
import { signOnOf } from '../ehr/sign-on-of.ts';
import type { SignOnNeeds } from '../ehr/sign-on-of.ts';
import { ehrTrial } from '../ehr/trial.ts';
import type { CredentialVault, EhrClient, EhrStandings, SignOnBrake } from '../ehr-ports.ts';
import { describeCause } from '../core/text/describe-cause.ts';
import type { MachineRegister } from '../machine-ports.ts';
import type { Needs } from '../needs.ts';
import type { AuditLog, Clock, OperationsLog, Session } from '../ports.ts';
import type { SharedTurns } from '../shared-ports.ts';

export interface EhrPartsNeeds {
  readonly applications: ReadonlyMap<string, ApplicationSettings>;
  readonly standings: EhrStandings;
  readonly vault: CredentialVault;
  readonly machines: Pick<MachineRegister, 'account'>;
  readonly client: EhrClient;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly log: OperationsLog;
  readonly failuresPerMinute: number;
  /** Of all gateways; absent or null where this one is alone. */
  readonly brake?: SignOnBrake | null;
  readonly turns?: SharedTurns;
  readonly learnEhrSessions: Needs['learnEhrSessions'];
}

const encode = (text: string): string => Buffer.from(text).toString('base64');

export function ehrParts(needs: EhrPartsNeeds) {
  const { applications, standings, vault, client, clock, log } = needs;
  const brake = needs.brake ?? new FailureBrake(needs.failuresPerMinute, clock);
  const onFailed = (application: string, cause: unknown): void =>
    log.warn({ application, error: describeCause(cause) }, 'The EHR could not be told that a session has ended');
  const telling = { applications, client, clock, onFailed };
  const shared: SignOnNeeds = {
    client,
    clock,
    encode,
    standings,
    vault,
    machines: needs.machines,
    turns: needs.turns ?? oneGateway.turns,
    brake,
    learn: learner(needs),
    record: recorder(needs),
    logOut: (application, standing) => void logOut(telling, application, standing),
  };
  const signOn = new Map([...applications].map(([name, application]) => [name, signOnOf(shared, application)]));
  const recipes = new Map([...signOn].flatMap(([name, one]) => (one instanceof RecipeSignOn ? [[name, one] as const] : [])));
  return {
    signOn,
    ehrTrial: ehrTrial({ applications, recipes, client, brake, encode }),
    /** Counts the refusal, and marks the person's own password as refused unless another one is stored by now. */
    ehrRefusedCredential: async ({ subject }: Session, application: string, sent: readonly string[]): Promise<void> => {
      await brake.failed(application, subject);
      const now = (await vault.get(subject, application))?.credential;
      if (now && sent.includes(basic(now.username, now.password, encode))) await vault.markRefused(subject, application);
    },
    logOutOfEhr: shared.logOut,
    logOut: (session: Caller) => logOutOfEhrs({ ...telling, standings }, session),
  };
}

function learner({ clock, learnEhrSessions }: EhrPartsNeeds): RecipeSignOnNeeds['learn'] {
  return (session, application, requestId, jar) => {
    // A machine carries no patient from one request to the next.
    if (isMachine(session)) return undefined;
    const name = application.sessionCookie ?? null;
    const values = name === null ? [] : valuesIn(jar, name, clock.now());
    return values.length > 0 ? learnEhrSessions({ session, application, ehrSession: null }, requestId, values, null) : undefined;
  };
}

function recorder({ audit, clock, log }: EhrPartsNeeds): RecipeSignOnNeeds['record'] {
  return async (caller, { requestId, address, application }, fields) => {
    const { subject } = caller;
    const roles = isMachine(caller) ? null : caller.roles;
    if (fields.decision === 'refused')
      log.warn(
        { ...(requestId !== '' && { request: requestId }), application, person: subject.name, why: fields.reason },
        'A sign-on to the EHR failed; what it may have refused is not tried again',
      );
    const who = {
      subject,
      roles,
      session: sessionOf(caller),
      request: requestId === '' ? null : requestId,
      address,
      application,
    };
    const receipt = await audit.append(auditEntry('ehr-sign-on', clock.now(), { ...who, ...fields }));
    await receipt.durable;
  };
}
