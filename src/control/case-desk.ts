// Takes the steps of cases, one after the other: judges it, keeps its text, puts it on record, and only then lets it count. What a
// crash left between keeping and counting is looked for in the record before anything else is done.

import type {
  AskedAlerts,
  AskedCases,
  AskedOfCase,
  CaseHand,
  CaseRefused,
  Cases,
  CaseSubject,
  FoundAlerts,
  PreparedStep,
} from '../case-ports.ts';
import type { ChangeHistory } from '../change-ports.ts';
import type { AuditEntry } from '../core/audit/entry.ts';
import type { Case, CaseAlert, CasePerson, CaseStep, StepKind } from '../core/cases/case.ts';
import { caseStanding } from '../core/cases/case-standing.ts';
import { concerns } from '../core/cases/concerns.ts';
import { judgeStep } from '../core/cases/judge-step.ts';
import type { Acting } from '../core/cases/judge-step.ts';
import { questionThread } from '../core/cases/question-thread.ts';
import { writeStep } from '../core/cases/step-note.ts';
import { personKey } from '../core/downloads/person-key.ts';
import { deputysAlone } from '../core/people/deputys-alone.ts';
import type { AuditLog, Clock } from '../ports.ts';
import type { Reviewer } from '../recertification-ports.ts';
import type { SharedTurns } from '../shared-ports.ts';
import { caseAlert } from './case-alert.ts';
import { alertAt, foundAlerts } from './found-alerts.ts';
import { OneByOne } from './one-by-one.ts';
import { recoverSteps } from './recover-steps.ts';
import type { RecoverStepsNeeds } from './recover-steps.ts';
import { recordDurably } from './record-durably.ts';
import { reviewerEntry } from './reviewer-entry.ts';
import { ruleEditors } from './rule-editors.ts';

export interface CaseDeskNeeds extends RecoverStepsNeeds {
  readonly audit: Pick<AuditLog, 'append'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly changes: Pick<ChangeHistory, 'changes'>;
  /** Login name of whoever alone says what a reviewer did; null where nobody is named. */
  readonly deputy: string | null;
  readonly isReviewer: (person: Pick<CasePerson, 'issuer' | 'sub'>) => Promise<boolean>;
  readonly newId: () => string;
  /** Until when a question of this moment may be put off. */
  readonly questionDue: (askedAt: number) => number;
  /** Hears of a case after each of its steps. */
  readonly onStep: (one: Case) => void;
  /** Tells other gateways of a step that was taken here. */
  readonly onTaken?: (id: string) => void;
  /** Absent: this gateway is alone. */
  readonly turns?: SharedTurns;
}

type Asked =
  | AskedOfCase
  | {
      readonly kind: 'answer' | 'question-postponed' | 'question-seen';
      readonly text: string | null;
      readonly disposition: null;
    };

const mostQuestions = 50;
const mostOpen = 1000;

export class CaseDesk implements Cases {
  readonly #needs: CaseDeskNeeds;
  readonly #turns: OneByOne;
  #recovered = false;

  constructor(needs: CaseDeskNeeds) {
    this.#needs = needs;
    this.#turns = new OneByOne(needs.turns, 'cases');
  }

  async open(by: CaseHand, asked: CaseSubject): ReturnType<Cases['open']> {
    return this.#inTurn(async () => {
      const { newId } = this.#needs;
      const found = await foundAlerts(this.#needs, asked, null);
      const id = newId();
      if ('refused' in found) return this.#refuse(by, null, 'opened', found.refused);
      const [first] = found.alerts;
      const person = first?.person ?? null;
      const patient = found.alerts.every((alert) => alert.patient === first?.patient) ? (first?.patient ?? null) : null;
      const about = { id, person, patient, alerts: found.alerts };
      if (by !== 'gateway' && concerns(about, by.person)) return this.#refuse(by, about, 'opened', 'yourself');
      const step: CaseStep = { ...this.#said(by), kind: 'opened', ...broughtBy(asked, found.alerts) };
      await this.#keep(by, about, step, found.alerts, { person, patient });
      return { opened: id };
    });
  }

  async addAlerts(by: CaseHand, id: string, asked: CaseSubject): Promise<CaseRefused | null> {
    return this.#inTurn(async () => {
      const one = await this.#needs.store.find(id);
      if (one === null) return (await this.#refuse(by, null, 'alert-added', 'no-case')).refused;
      const found = await foundAlerts(this.#needs, asked, one);
      const refused =
        'refused' in found
          ? found.refused
          : judgeStep(one, { kind: 'alert-added', text: null }, await this.#acting(by, one, 'reviewer'));
      if (refused !== null || 'refused' in found)
        return (await this.#refuse(by, one, 'alert-added', refused ?? 'no-alerts')).refused;
      const step: CaseStep = { ...this.#said(by), kind: 'alert-added', ...broughtBy(asked, found.alerts) };
      await this.#keep(by, one, step, found.alerts);
      return null;
    });
  }

  async take(by: Reviewer, id: string, asked: AskedOfCase): Promise<CaseRefused | null> {
    return this.#take(by, id, asked, 'reviewer');
  }

  async putQuestion(by: CaseHand, id: string, text: string): Promise<CaseRefused | null> {
    return this.#take(by, id, { kind: 'question', text, disposition: null }, 'reviewer');
  }

  async takeAnswer(from: Reviewer, id: string, text: string): Promise<CaseRefused | null> {
    return this.#take(from, id, { kind: 'answer', text, disposition: null }, 'asked');
  }

  async reply(from: Reviewer, id: string, text: string): Promise<CaseRefused | null> {
    return this.#take(from, id, { kind: 'message', text, disposition: null }, 'asked');
  }

  async postpone(from: Reviewer, id: string): Promise<CaseRefused | null> {
    return this.#take(from, id, { kind: 'question-postponed', text: null, disposition: null }, 'asked');
  }

  async seen(from: Reviewer, id: string): Promise<CaseRefused | null> {
    return this.#take(from, id, { kind: 'question-seen', text: null, disposition: null }, 'asked');
  }

  async questionsTo(person: Pick<CasePerson, 'issuer' | 'sub'>): Promise<readonly Case[]> {
    const open = await this.list({ open: true, person: personKey(person), most: mostQuestions });
    return open.filter((one) => caseStanding(one).question === 'asked');
  }

  async alertAt(sequence: number): Promise<CaseAlert | null> {
    return alertAt(this.#needs.search, sequence);
  }

  /** Tells of every open case, as of a step. */
  async tellAll(): Promise<void> {
    for (const one of await this.#needs.store.list({ open: true, most: mostOpen })) this.#needs.onStep(one);
  }

  async handOut(by: Reviewer, id: string): ReturnType<Cases['handOut']> {
    return this.#inTurn(async () => {
      const one = await this.#needs.store.find(id);
      if (one === null) return this.#refuse(by, null, 'exported', 'no-case');
      if (concerns(one, by.person)) return this.#refuse(by, one, 'exported', 'yourself');
      if (caseStanding(one).open) return this.#refuse(by, one, 'exported', 'not-closed');
      const detail = `case ${id}, handed out with ${one.steps.length} steps`;
      return { case: one, record: await this.#record(by, one, 'exported', { detail }) };
    });
  }

  async find(id: string): Promise<Case | null> {
    return this.#needs.store.find(id);
  }

  async list(asked: AskedCases): Promise<readonly Case[]> {
    return this.#needs.store.list(asked);
  }

  async ofAlert(sequence: number): Promise<string | null> {
    return this.#needs.store.ofAlert(sequence);
  }

  async alerts({ since, name, person, detector, before, most }: AskedAlerts): Promise<FoundAlerts> {
    const asked = {
      event: 'alert',
      since,
      ...(name !== undefined && { person: name }),
      ...(person !== undefined && { subject: { issuer: person.issuer, sub: person.sub } }),
      ...(detector !== undefined && { reason: detector }),
      ...(before !== undefined && { before }),
    };
    const { requests, next } = await this.#needs.search.search(asked, most);
    return { alerts: requests.flatMap((one) => caseAlert(one) ?? []), next };
  }

  async #take(by: CaseHand, id: string, asked: Asked, as: 'reviewer' | 'asked'): Promise<CaseRefused | null> {
    return this.#inTurn(async () => {
      const one = await this.#needs.store.find(id);
      if (one === null) return (await this.#refuse(by, null, asked.kind, 'no-case')).refused;
      const judged = judgeStep(one, asked, await this.#acting(by, one, as));
      const refused = judged ?? unchosen(asked) ?? this.#tooLate(one, asked);
      if (refused !== null) return (await this.#refuse(by, one, asked.kind, refused)).refused;
      await this.#keep(by, one, this.#step(by, asked), []);
      return null;
    });
  }

  /** Kept first: a commitment on record without its text would prove nothing. It counts behind its record. */
  async #keep(
    by: CaseHand,
    one: Pick<Case, 'id' | 'person' | 'patient' | 'alerts'>,
    step: CaseStep,
    alerts: readonly CaseAlert[],
    opens: PreparedStep['opens'] = null,
  ): Promise<void> {
    const { store, newId } = this.#needs;
    const id = newId();
    const commitment = await store.prepare({ id, of: one.id, step, alerts, opens, log: this.#needs.log ?? null });
    try {
      await store.count(id, await this.#record(by, one, step.kind, { detail: writeStep(one, step, id, commitment) }));
    } catch (cause) {
      // Whether it came on record is looked for before the next step.
      this.#recovered = false;
      throw cause;
    }
    this.#needs.onTaken?.(one.id);
    const now = await store.find(one.id);
    if (now !== null) this.#needs.onStep(now);
  }

  #tooLate(one: Case, { kind }: Asked): CaseRefused | null {
    const { clock, questionDue } = this.#needs;
    const askedAt = questionThread(one)?.askedAt ?? 0;
    return kind === 'question-postponed' && clock.now() >= questionDue(askedAt) ? 'postponed-enough' : null;
  }

  #step(by: CaseHand, { kind, text, disposition }: Asked): CaseStep {
    return {
      ...this.#said(by),
      kind,
      ...(text !== null && { text: text.trim() }),
      ...(kind === 'disposition' && { disposition }),
    } as CaseStep;
  }

  #said(by: CaseHand): Pick<CaseStep, 'at' | 'by'> {
    return { at: this.#needs.clock.now(), by: by === 'gateway' ? by : by.person };
  }

  async #acting(by: CaseHand, one: Case, as: 'reviewer' | 'asked'): Promise<Acting> {
    if (by === 'gateway') return { as: 'gateway' };
    if (as === 'asked') return { as, person: by.person };
    const { changes, clock, deputy, isReviewer } = this.#needs;
    const edits = ruleEditors(changes, clock.now());
    const isOne = one.person !== null && deputy !== null && (await isReviewer(one.person));
    const facts = { deputy: deputy === null || edits(deputy) ? null : deputy, isReviewer: () => isOne };
    const { person } = by;
    return { as, person, editsRules: edits(person.name), deputysAlone: deputysAlone([one.person], person, facts) };
  }

  async #refuse(
    by: CaseHand,
    one: Pick<Case, 'id' | 'patient'> | null,
    kind: StepKind | 'exported',
    refused: CaseRefused,
  ): Promise<{ readonly refused: CaseRefused }> {
    const detail = `${one === null ? 'no case' : `case ${one.id}`}: refused, ${refused}`;
    await this.#record(by, one, kind, { decision: 'refused', detail });
    return { refused };
  }

  /** Its number. On disk before it returns. */
  async #record(
    by: CaseHand,
    one: Pick<Case, 'patient'> | null,
    reason: StepKind | 'exported',
    fields: Partial<AuditEntry>,
  ): Promise<number> {
    return recordDurably(this.#needs, 'case-step', { ...whose(by), reason, patient: one?.patient ?? null, ...fields });
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    return this.#turns.run(async () => {
      if (!this.#recovered && (await recoverSteps(this.#needs)) > 0) await this.tellAll();
      this.#recovered = true;
      return work();
    });
  }
}

function broughtBy(asked: CaseSubject, alerts: readonly CaseAlert[]): Pick<CaseStep & { kind: 'opened' }, 'alerts' | 'origin'> {
  return { alerts: alerts.map(({ sequence }) => sequence), ...('origin' in asked && { origin: asked.origin }) };
}

function unchosen({ kind, disposition }: Asked): CaseRefused | null {
  return kind === 'disposition' && disposition === null ? 'no-disposition-chosen' : null;
}

function whose(by: CaseHand): Partial<AuditEntry> {
  return by === 'gateway' ? { decision: 'allowed' } : reviewerEntry(by);
}
