// A budget book, an audit and a clock in memory, and the facts of a permitted request, for the tests of download budgets.

import type { BudgetAccount, BudgetStep } from '../../src/budget-ports.ts';
import type { AuditEntry } from '../../src/core/audit/entry.ts';
import { emptyBudget } from '../../src/core/downloads/budget-state.ts';
import type { BudgetState } from '../../src/core/downloads/budget-state.ts';
import { fullBucket } from '../../src/core/downloads/pace.ts';
import type { Budget, Policy, Route, Rule } from '../../src/core/policy/policy.ts';
import type { CanonicalTarget } from '../../src/core/target/canonical-target.ts';
import type { Session } from '../../src/core/session/session.ts';
import type { Emergency, Identified, Matched, SignedIn, SubjectMatter, Targeted } from '../../src/facts.ts';
import type { Receipt } from '../../src/ports.ts';
import { fakeToken } from './fake-patients.ts';

/** Noon of day 20000 since the epoch; the fake clinic lives in UTC. */
export const noon = 20_000 * 86_400_000 + 43_200_000;

export class FakeAccount implements BudgetAccount {
  state: BudgetState = emptyBudget;
  pace = fullBucket;
  slowLane = fullBucket;
  put(state: BudgetState): void {
    this.state = state;
  }
  /** Set to answer as where other gateways are asked. */
  asks = false;
  change<T>(step: BudgetStep<T>): T | Promise<T> {
    return this.asks ? Promise.resolve().then(() => this.changeNow(step)) : this.changeNow(step);
  }
  changeNow<T>(step: BudgetStep<T>): T {
    const { state, result } = step(this.state);
    this.state = state;
    return result;
  }
}

/** Answers at once, or by a promise where `late` is set. */
export class FakeBook {
  readonly accounts = new Map<string, FakeAccount>();
  late = false;

  account(person: string): FakeAccount | Promise<FakeAccount> {
    const account = this.accounts.get(person) ?? new FakeAccount();
    this.accounts.set(person, account);
    return this.late ? Promise.resolve(account) : account;
  }

  key(text: string): string {
    return text;
  }
}

export class FakeAudit {
  readonly entries: AuditEntry[] = [];
  /** Set to make every write fail. */
  failure: Error | null = null;

  append(entry: AuditEntry): Promise<Receipt> {
    if (this.failure !== null) return Promise.reject(this.failure);
    this.entries.push(entry);
    return Promise.resolve({ sequence: this.entries.length, durable: Promise.resolve() });
  }
}

export class FakeDownloadNeeds {
  readonly budgets = new FakeBook();
  readonly audit = new FakeAudit();
  readonly lost: unknown[] = [];
  time = noon;
  readonly clock = { now: (): number => this.time, monotonic: (): number => this.time - noon };
  readonly localDay = (at: number): string => new Date(at).toISOString().slice(0, 10);
  readonly formatTime = (at: number): string => new Date(at).toISOString().slice(11, 16);
  readonly onLost = (cause: unknown): void => {
    this.lost.push(cause);
  };
}

/** A budget without limits but those given. */
export function budgetOf(some: Partial<Budget> = {}, consequence: Budget['then'] = 'refuse'): Budget {
  const unlimited = { filesPerHour: null, bytesPerDay: null, patientsPerHour: null, paceBytesPerSecond: null };
  // oxlint-disable-next-line unicorn/no-thenable -- the word of the rule file; a string is never called by await
  return { ...unlimited, then: consequence, ...some };
}

export const session: Session = {
  key: 'session-key',
  reference: 'session-reference',
  subject: { issuer: 'https://login.example', sub: 'u1', name: 'nora', displayName: 'Nora Nurse' },
  roles: ['nurse'],
  factor: { method: 'totp', at: noon },
  createdAt: noon,
  lastActiveAt: noon,
  rolesCheckedAt: noon,
  providerSession: null,
  sealedTokens: null,
  ehrSessions: [],
  device: null,
  lockedAt: null,
  activity: { last: 'sign-in', pings: 0, navigations: 0 },
  version: 1,
};

export interface Told {
  readonly path?: string;
  readonly query?: string | null;
  readonly method?: Targeted['method'];
  readonly patient?: string | null;
  readonly download?: Route['download'];
  readonly exportRoles?: readonly string[] | null;
  readonly roles?: readonly string[];
  readonly budgets?: Readonly<Record<string, Budget>>;
  readonly mode?: Policy['mode'];
  readonly grant?: boolean;
}

export type Permitted = Identified & Targeted & SignedIn & Matched & SubjectMatter & Emergency;

/** A permitted request; what a test does not tell stays at its plainest. */
export function permitted(told: Told = {}): Permitted {
  const path = told.path ?? '/chart';
  const route = { download: told.download ?? 'by-reply' } as Route;
  const rule = { name: 'charts', exportRoles: told.exportRoles ?? null, routes: [route] } as unknown as Rule;
  const policy = {
    mode: told.mode ?? 'enforce',
    version: 'abcdef0123456789abcdef',
    budgets: new Map(Object.entries(told.budgets ?? {})),
  } as unknown as Policy;
  const { issuer, sub } = session.subject;
  return {
    id: 'request-1',
    arrivedAt: noon,
    startedAt: 0,
    address: '10.0.0.7',
    zones: [],
    agent: 'browser',
    shape: 'page',
    headers: new Map(),
    application: { name: 'ehr' } as Identified['application'],
    policy,
    index: {} as Identified['index'],
    method: told.method ?? 'GET',
    target: { path, query: told.query ?? null, segments: [] } as unknown as CanonicalTarget,
    inUse: {} as Permitted['inUse'],
    session: told.roles === undefined ? session : { ...session, roles: told.roles },
    rule,
    route,
    captures: new Map(),
    query: new Map(),
    form: null,
    patient: told.patient ?? null,
    patientToken: told.patient === undefined || told.patient === null ? null : fakeToken(told.patient),
    ehrSession: null,
    patientSource: told.patient === undefined || told.patient === null ? null : 'path',
    selects: null,
    category: 'chart',
    action: 'read',
    grant:
      told.grant === true
        ? { id: 'grant-1', issuer, sub, reason: 'arrest in bay 4', openedAt: noon, expiresAt: noon + 3_600_000 }
        : null,
  };
}
