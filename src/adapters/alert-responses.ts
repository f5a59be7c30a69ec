// Carries out what is to follow an alert that is on record, each thing once, and puts on record that it was. What failed is tried
// again. What was done and not recorded is done again, then or after a restart, and comes to the same: a restriction counts once for
// its alert, and only sessions that were there before the alert are ended.

import { recordName } from '../core/audit/record-number.ts';
import { auditEntry } from '../core/audit/entry.ts';
import type { DetectorName } from '../core/detect/detector.ts';
import type { SeenPerson } from '../core/detect/seen.ts';
import { forgetOldest } from '../core/forget-oldest.ts';
import { responseDetail } from '../core/respond/alert-note.ts';
import type { DeedKind } from '../core/respond/alert-note.ts';
import { endOf } from '../core/respond/restriction.ts';
import type { RestrictionSettings } from '../core/respond/restriction-settings.ts';
import type { AuditLog, Clock, OperationsLog, SessionStore } from '../ports.ts';
import type { Restrictions } from '../restriction-ports.ts';

/** An alert as its record says it. Times are epoch milliseconds. */
export interface RecordedAlert {
  readonly sequence: number;
  readonly time: number;
  readonly detector: DetectorName;
  readonly person: SeenPerson;
}

export interface AlertResponsesNeeds {
  readonly audit: Pick<AuditLog, 'append'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: OperationsLog;
  readonly sessions: Pick<SessionStore, 'ofSubject' | 'end'>;
  readonly restrictions: Pick<Restrictions, 'impose'>;
  readonly figures: RestrictionSettings;
}

/** Deeds remembered, so that none is done twice by one process. */
const mostDone = 10_000;

export class AlertResponses {
  readonly #needs: AlertResponsesNeeds;
  readonly #done = new Set<string>();
  /** Cuts what runs for somebody who is blocked. */
  #onBlocked: (person: SeenPerson) => void = () => undefined;
  /** Asks the person why, and says what came of it; null before the desk of cases is there. */
  #ask: ((alert: RecordedAlert) => Promise<string>) | null = null;
  readonly #failed = new Map<string, { readonly alert: RecordedAlert; readonly deed: DeedKind }>();

  constructor(needs: AlertResponsesNeeds) {
    this.#needs = needs;
  }

  onBlocked(callback: (person: SeenPerson) => void): void {
    this.#onBlocked = callback;
  }

  onAsk(ask: (alert: RecordedAlert) => Promise<string>): void {
    this.#ask = ask;
  }

  /** What is not as it should be, as sentences without their full stop. */
  notices(): readonly string[] {
    const { size } = this.#failed;
    return size === 0 ? [] : [`What should have followed ${size} alerts could not be carried out or recorded; it is tried again`];
  }

  /** Never rejects. */
  async respond(alert: RecordedAlert, deeds: readonly DeedKind[]): Promise<void> {
    // A question waits until the record can be searched; nothing else waits for it.
    const urgent = deeds.filter((deed) => deed !== 'ask');
    for (const deed of [...urgent, ...deeds.filter((one) => one === 'ask')]) await this.#once(alert, deed);
  }

  /** What failed, once more; call it every few seconds. Where another gateway leads by now, it finds that nothing followed. */
  async again(leads: boolean): Promise<void> {
    if (!leads) return this.#failed.clear();
    for (const { alert, deed } of this.#failed.values()) await this.#once(alert, deed);
  }

  async #once(alert: RecordedAlert, deed: DeedKind): Promise<void> {
    const key = `${alert.sequence} ${deed}`;
    if (this.#done.has(key)) return;
    this.#done.add(key);
    forgetOldest(this.#done, mostDone);
    try {
      await this.#respond(alert, deed);
      this.#failed.delete(key);
    } catch (cause) {
      this.#done.delete(key);
      if (!this.#failed.has(key)) {
        this.#needs.log.error({ cause, alert: alert.sequence, deed }, 'What follows an alert could not be carried out');
      }
      this.#failed.set(key, { alert, deed });
      forgetOldest(this.#failed, mostDone);
    }
  }

  async #respond(alert: RecordedAlert, deed: DeedKind): Promise<void> {
    const words = await this.#carryOut(alert, deed);
    await this.#record('response', alert, { reason: deed, detail: responseDetail(alert.sequence, words) });
  }

  #carryOut(alert: RecordedAlert, deed: DeedKind): Promise<string> {
    if (deed === 'ask') return this.#askPerson(alert);
    return deed === 'end-session' ? this.#endSessions(alert) : this.#restrict(alert, deed);
  }

  async #askPerson(alert: RecordedAlert): Promise<string> {
    if (this.#ask === null) throw new Error('Nobody can be asked before the desk of cases is there');
    return this.#ask(alert);
  }

  async #restrict({ sequence, time, detector, person }: RecordedAlert, kind: 'step-up' | 'slow' | 'block'): Promise<string> {
    const { restrictions, figures } = this.#needs;
    const until = endOf(kind, time, figures);
    await restrictions.impose({ alert: sequence, kind, person, detector, since: time, until });
    if (kind === 'block') this.#onBlocked(person);
    return until === null ? 'until a reviewer lifts it' : `until ${new Date(until).toISOString()}`;
  }

  async #endSessions(alert: RecordedAlert): Promise<string> {
    const { sessions } = this.#needs;
    const all = await sessions.ofSubject(alert.person.issuer, alert.person.sub);
    let ended = 0;
    for (const { key, reference, createdAt } of all) {
      if (createdAt > alert.time || !(await sessions.end(key, 'revoked'))) continue;
      ended += 1;
      const detail = `After the alert at record ${recordName(alert.sequence)}`;
      await this.#record('session-ended', alert, { session: reference, reason: 'revoked', detail });
    }
    return `${ended} ${ended === 1 ? 'session' : 'sessions'} ended`;
  }

  async #record(
    event: 'response' | 'session-ended',
    { person: { issuer, sub, name } }: RecordedAlert,
    fields: { readonly reason: string; readonly detail: string; readonly session?: string },
  ): Promise<void> {
    const entry = auditEntry(event, this.#needs.clock.now(), { subject: { issuer, sub, name }, ...fields });
    await (
      await this.#needs.audit.append(entry)
    ).durable;
  }
}
