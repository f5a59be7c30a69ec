// Disclosures outside treatment, payment and operations (45 CFR 164.528), as those see them that ask about downloads, answer, and
// account: the questions that are open, the words that lie sealed beside the log, and what is owed and held back.

import type { AuditEntry } from './core/audit/entry.ts';
import type { DownloadRequest } from './core/disclosures/covers-request.ts';
import type { HowKnown } from './core/disclosures/disclosure-note.ts';
import type { Disclosure } from './core/disclosures/disclosure.ts';
import type { Suspension } from './core/disclosures/suspension.ts';
import type { Subject } from './core/session/session.ts';
import type { Soon } from './session-ports.ts';

/** Who discloses. */
export type Discloser = Pick<Subject, 'issuer' | 'sub'>;

/** A download that waits for its answer, or went out in an emergency and owes one. */
export interface AskedDownload {
  readonly id: string;
  readonly at: number;
  /** Whose it is, as the EHR numbers them; null where the request names nobody. */
  readonly patient: string | null;
  /** What the record of the answer says of the request. */
  readonly entry: AuditEntry;
}

export interface DisclosureQuestion extends AskedDownload {
  readonly asked: Omit<DownloadRequest, 'part'>;
}

/** What a person said of a download. `patients`: those they named where the download names none. */
export type DisclosureAnswer =
  { readonly leaves: false } | { readonly leaves: true; readonly disclosure: Disclosure; readonly patients: readonly string[] };

/** Questions and answers of the last minutes: what is forgotten is asked about again. */
export interface DisclosureQuestions {
  /** The id of the question; the same one while the same download waits. */
  ask(question: Pick<DisclosureQuestion, 'asked' | 'patient' | 'entry'>): Soon<string>;
  /** A question of this session that waits for its answer. */
  find(id: string, session: string): Soon<DisclosureQuestion | null>;
  /** Those of the session, the oldest first. */
  of(session: string): Soon<readonly DisclosureQuestion[]>;
  /** False where it waits no more. `next`: the same recipient for that many further downloads, until then. */
  answer(question: DisclosureQuestion, answer: DisclosureAnswer, next: { files: number; until: number } | null): Soon<boolean>;
  /** False where it waits no more. */
  cancel(question: DisclosureQuestion): Soon<boolean>;
  /** Takes the answer to this download out: nobody else finds it. Null where there is none. */
  take(request: DownloadRequest): Soon<TakenAnswer | null>;
}

/** `part`: of a download that has gone out already, and is on record. */
export type TakenAnswer =
  | { readonly kind: 'part' }
  | {
      readonly kind: 'answer';
      readonly answer: DisclosureAnswer;
      /** The download goes out; parts of it may follow. */
      readonly went: () => Soon<void>;
      /** It was no download after all, or never began: the answer is good for another try. Does nothing once it went. */
      readonly giveBack: () => Soon<void>;
    };

/** The words of one disclosure as they lie sealed. */
export interface KeptDisclosure extends Disclosure {
  /** Epoch milliseconds at which it was made, as far as anybody knows. */
  readonly madeAt: number;
}

export interface DisclosureBook {
  /** On disk before it resolves. Rejects with Fault `session-store-unavailable`. */
  keep(kept: KeptDisclosure, who: Discloser): Promise<{ readonly id: string; readonly commitment: string }>;
  /** Null where nothing of this id is kept, or it is not what was committed to. */
  open(id: string, commitment: string): Promise<KeptDisclosure | null>;
  /** A download that went out in an emergency, and whose answer its person still owes. */
  owe(download: AskedDownload, who: Discloser): Promise<void>;
  /** The oldest first; of everybody where nobody is named. */
  owed(who?: Discloser): Promise<readonly AskedDownload[]>;
  /** False where it is owed no more. */
  settle(id: string, who: Discloser): Promise<boolean>;
  suspend(id: string, suspension: Suspension): Promise<void>;
  suspensions(): Promise<readonly (Suspension & { readonly id: string })[]>;
  /** False where there is none of this id in force. */
  lift(id: string, at: number): Promise<boolean>;
}

/** An answer on its way into the record. `madeAt`: when the disclosure was made, as far as anybody knows. */
export interface ToldAnswer {
  /** What the record says of who told it and of the request; kind, time and detail are the recorder's. */
  readonly entry: AuditEntry;
  readonly answer: DisclosureAnswer;
  readonly how: HowKnown;
  readonly madeAt: number;
  readonly madeOn?: string | null;
  readonly replaces?: string | null;
  readonly who: Discloser;
}

export interface DisclosureRecorder {
  /** Durable before it resolves. The number of the disclosure; null for what stayed inside. Rejects with a Fault. */
  record(told: ToldAnswer): Promise<string | null>;
}
