// Counts a reply's bytes as they are sent, keeps a person to their bandwidth, and cuts a reply over many patients when
// the day's budget ends. Synchronous and cheap; it never touches the bytes, and the sender does the waiting.

import type { Refusal } from '../core/answer.ts';
import { warningEntry } from '../core/downloads/budget-entry.ts';
import { limitOf, slowBytesPerSecond } from '../core/downloads/budget-state.ts';
import { explainOver } from '../core/downloads/explain-over.ts';
import type { LocalTime } from '../core/downloads/explain-over.ts';
import { giveBack, take } from '../core/downloads/pace.ts';
import { closeCharge, takeBytes } from '../core/downloads/take-bytes.ts';
import type { Admission, Admitted, Emergency, Identified, Matched, SignedIn, SubjectMatter } from '../facts.ts';
import type { AuditLog, Clock } from '../ports.ts';

export type Metered = { readonly waitMilliseconds: number } | { readonly cut: 'budget' };

export interface Meter {
  /** `bytes` are about to be sent: how long to wait first, or cut the reply instead. Waits of one reply end in order. */
  take(bytes: number): Metered;
  /** What the person is told where the cut came before the first byte. */
  explain(): Refusal;
  /** The reply is over, whole or not: gives back what was taken for nothing. Called once; later calls do nothing. */
  finished(bytesSent: number): void;
}

/** `localDay` and `formatTime` speak in the clinic's time zone. */
export interface MeterNeeds extends LocalTime {
  readonly audit: Pick<AuditLog, 'append'>;
  readonly clock: Clock;
  /** A warning could not be written; the reply is under way and goes on. */
  readonly onLost: (cause: unknown, request?: string) => void;
}

type Given = Identified & SignedIn & Matched & SubjectMatter & Emergency & Admitted;
type Held = NonNullable<Admission['held']>;

const atOnce: Metered = { waitMilliseconds: 0 };
const cut: Metered = { cut: 'budget' };
const exhausted: Refusal = { kind: 'refusal', reason: 'budget-exhausted' };
/** For replies that nothing is counted of; shared by all of them. */
const freeMeter: Meter = { take: () => atOnce, explain: () => exhausted, finished: () => undefined };
/** The local day is asked for again after this long: formatting a date costs more than sending a chunk. */
const dayIsFreshMilliseconds = 1000;

export function meterFor(needs: MeterNeeds): (facts: Given) => Meter {
  return (facts) => {
    const { held, unmetered, charge, paceBytesPerSecond, slowed } = facts.admission;
    if (held === null || unmetered || (charge === null && paceBytesPerSecond === null && !slowed)) return freeMeter;
    return new BudgetMeter(needs, facts, held);
  };
}

class BudgetMeter implements Meter {
  readonly #needs: MeterNeeds;
  readonly #facts: Given;
  readonly #held: Held;
  #day = '';
  #dayReadAt = -Infinity;
  #paced = 0;
  #slowed = 0;
  #lastLeavesAt = -Infinity;
  #finished = false;
  #freeLeft: number;

  constructor(needs: MeterNeeds, facts: Given, held: Held) {
    this.#needs = needs;
    this.#facts = facts;
    this.#held = held;
    this.#freeLeft = facts.admission.freeBytes;
  }

  take(bytes: number): Metered {
    const free = Math.min(this.#freeLeft, bytes);
    if (this.#finished || (bytes > free && !this.#mayTake(bytes - free))) return cut;
    this.#freeLeft -= free;
    const now = this.#needs.clock.monotonic();
    // Never before the bytes taken earlier: another stream may have paid the debt back, or this one changed its lane.
    const wait = Math.max(this.#pace(bytes, now), this.#lastLeavesAt - now);
    if (wait <= 0) return atOnce;
    this.#lastLeavesAt = now + wait;
    return { waitMilliseconds: wait };
  }

  explain(): Refusal {
    const { account, budget } = this.#held;
    const now = this.#needs.clock.now();
    const limit = limitOf(budget, account.state, 'bytes', this.#localDay(now)) ?? 0;
    const over = explainOver(account.state, budget, { admit: false, over: 'bytes', limit, tooLarge: false }, now, this.#needs);
    return { ...exhausted, rule: this.#facts.rule.name, ...over };
  }

  finished(bytesSent: number): void {
    if (this.#finished) return;
    this.#finished = true;
    this.#giveBackPace(Math.max(0, this.#paced + this.#slowed - bytesSent));
    closeAccount(this.#facts.admission, this.#held, bytesSent);
  }

  // Nothing is touched where nothing comes back: the lane may run at another stream's rate.
  #giveBackPace(unsent: number): void {
    const { account } = this.#held;
    const rate = this.#facts.admission.paceBytesPerSecond;
    const fromSlow = Math.min(unsent, this.#slowed);
    if (fromSlow > 0) account.slowLane = giveBack(account.slowLane, this.#slowRate, fromSlow);
    if (rate !== null && unsent > fromSlow) account.pace = giveBack(account.pace, rate, unsent - fromSlow);
  }

  #mayTake(bytes: number): boolean {
    const { admission, policy } = this.#facts;
    const { account, budget } = this.#held;
    if (admission.charge === null) return true;
    const now = this.#needs.clock.now();
    const { charge } = admission;
    const day = this.#localDay(now);
    const taken = account.changeNow((state) => {
      const result = takeBytes(state, budget, charge, bytes, day);
      return { state: result.state, result };
    });
    // While the rules are only observed, nobody's reply is cut or slowed.
    if (taken.pass === 'cut') return policy.mode === 'observe';
    admission.charge = taken.charge;
    if (taken.pass === 'slow' && policy.mode === 'enforce') admission.slowed = true;
    if (taken.warn) {
      const entry = warningEntry(this.#facts, now, 'bytes');
      this.#needs.audit.append(entry).catch((cause: unknown) => this.#needs.onLost(cause, this.#facts.id));
    }
    return true;
  }

  #pace(bytes: number, now: number): number {
    const { admission } = this.#facts;
    const { account } = this.#held;
    const rate = admission.paceBytesPerSecond;
    if (admission.slowed) {
      const taken = take(account.slowLane, this.#slowRate, now, bytes);
      account.slowLane = taken.bucket;
      this.#slowed += bytes;
      return taken.waitMilliseconds;
    }
    if (rate === null) return 0;
    const taken = take(account.pace, rate, now, bytes);
    account.pace = taken.bucket;
    this.#paced += bytes;
    return taken.waitMilliseconds;
  }

  get #slowRate(): number {
    return Math.min(slowBytesPerSecond, this.#facts.admission.paceBytesPerSecond ?? slowBytesPerSecond);
  }

  #localDay(now: number): string {
    if (Math.abs(now - this.#dayReadAt) >= dayIsFreshMilliseconds) {
      this.#day = this.#needs.localDay(now);
      this.#dayReadAt = now;
    }
    return this.#day;
  }
}

function closeAccount(admission: Admission, { account }: Held, bytesSent: number): void {
  const { charge, freeBytes } = admission;
  if (charge === null) return;
  account.changeNow((state) => ({
    state: closeCharge(state, charge, Math.max(0, bytesSent - freeBytes)),
    result: undefined,
  }));
  admission.charge = null;
}
