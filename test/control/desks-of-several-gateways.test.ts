// The desks of two gateways over one store: a step is taken once, and whoever comes second is told what has happened. What runs by
// the clock runs where the gateway leads; what a gateway left behind is completed, by itself or by that one.

import { hash } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SqliteCaseStore } from '../../src/adapters/case-store-sqlite.ts';
import { SqliteEndings } from '../../src/adapters/endings-sqlite.ts';
import { SqliteLeavers } from '../../src/adapters/leavers-sqlite.ts';
import { SqliteRecertifications } from '../../src/adapters/recertification-sqlite.ts';
import { SqliteReviews } from '../../src/adapters/reviews-sqlite.ts';
import { createMasterKey, FileSealer } from '../../src/adapters/sealer-file.ts';
import type { StateDb } from '../../src/adapters/state-db.ts';
import { BrokenEndings } from '../../src/control/broken-endings.ts';
import { CaseDesk } from '../../src/control/case-desk.ts';
import { completeEndings, endPerson } from '../../src/control/end-person.ts';
import type { EndPersonNeeds } from '../../src/control/end-person.ts';
import { FollowCases } from '../../src/control/follow-cases.ts';
import { OpenQuestions } from '../../src/control/open-questions.ts';
import { RecertificationDesk } from '../../src/control/recertification-desk.ts';
import type { RecertificationDeskNeeds } from '../../src/control/recertification-desk.ts';
import { ReviewDesk } from '../../src/control/review-desk.ts';
import type { ReviewDeskNeeds } from '../../src/control/review-desk.ts';
import { auditEntry } from '../../src/core/audit/entry.ts';
import type { AuditEntry } from '../../src/core/audit/entry.ts';
import type { RowFacts } from '../../src/core/recertification/campaign.ts';
import { usualReview } from '../../src/core/review/review-settings.ts';
import type { ReviewFacts } from '../../src/core/review/review.ts';
import type { Reviewer } from '../../src/recertification-ports.ts';
import type { RecordQuery } from '../../src/search-ports.ts';
import { GatewaysTogether } from '../support/gateways-together.ts';
import type { GatewayOfSeveral } from '../support/gateways-together.ts';
import { onEachEngine, openStateDb } from '../support/state-engines.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const issuer = 'https://op.example';
const minute = 60_000;

let db: StateDb;
let sealer: FileSealer;
let together: GatewaysTogether;
let gateways: GatewayOfSeveral[];
let log: AuditEntry[];
let now: number;
let failures: unknown[];

beforeEach(async () => {
  const directory = temporaryDirectory();
  createMasterKey(join(directory, 'key'));
  sealer = new FileSealer(join(directory, 'key'));
  db = await openStateDb(directory);
  together = new GatewaysTogether();
  // The first one leads.
  gateways = [together.gateway(), together.gateway()];
  [log, now, failures] = [[], 1_800_000_000_000, []];
});
afterEach(() => db.close());

const clock = { now: () => now, monotonic: () => now };
const onFailed = (cause: unknown): void => void failures.push(cause);
const audit = {
  append: async (entry: AuditEntry) => Promise.resolve({ sequence: log.push(entry), durable: Promise.resolve() }),
  available: true,
} as never;
const search = async (query: RecordQuery) => {
  const all = log.map((entry, index) => ({ ...entry, sequence: index + 1, person: entry.subject?.name ?? null, outcome: null }));
  const requests = all.filter(({ event }) => event === query.event).toReversed() as never[];
  return Promise.resolve({ requests, next: null, indexed: log.length });
};
const events = (event: string): number => log.filter((one) => one.event === event && one.decision !== 'refused').length;
const sha256 = (text: string): string => hash('sha256', text, 'hex');

const reviewer = (name: string): Reviewer => ({
  person: { issuer, sub: name, name },
  roles: ['privacy'],
  session: 's',
  factor: { method: 'totp', at: now },
  request: 'r',
  address: '127.0.0.1',
  agent: null,
  application: 'ehr',
});

/** Of each gateway; `logs`: in which its steps are recorded. */
function caseDesks(logs: readonly string[] = ['log-1', 'log-2']) {
  let ids = 0;
  return gateways.map(({ turns, changes }, n) => {
    const questions = new OpenQuestions((at) => at + minute);
    const cases: CaseDesk = new CaseDesk({
      audit,
      clock: { now: () => (now += 1) },
      store: new SqliteCaseStore(db, sealer),
      search: { search },
      changes: { changes: () => ({ changes: [], unreadable: 0 }) },
      deputy: null,
      isReviewer: () => Promise.resolve(false),
      newId: () => `g${n}-${(ids += 1)}`,
      lastRecord: () => log.length,
      questionDue: (at) => at + minute,
      onStep: (one) => questions.hear(one),
      onTaken: (id) => following.tell(id),
      turns,
      log: logs[n] ?? null,
    });
    const readAll = async (): Promise<void> => {
      questions.forgetAll();
      await cases.tellAll();
    };
    const find = async (id: string) => cases.find(id);
    const following: FollowCases = new FollowCases({ changes, find, hear: (one) => questions.hear(one), readAll, onFailed });
    return { cases, questions, following };
  });
}

function alertAbout(name: string): number {
  return log.push(auditEntry('alert', now, { subject: { issuer, sub: name, name }, reason: 'many-patients', detail: 'Many' }));
}

const reviewFacts: ReviewFacts = {
  id: 'triage-2026-W47',
  kind: 'triage',
  period: '2026-W47',
  since: 1,
  until: 2,
  preparedAt: 3,
  dueAt: 4,
  population: { records: 1, people: 1, patients: 0, chartsOpened: 0, isCut: false },
  gaps: [],
  unwatchedMilliseconds: 0,
  sample: null,
};

class NothingKnown extends SqliteReviews {
  override periods = async (): Promise<readonly string[]> => Promise.resolve([]);
}

function reviewDesks(store = new SqliteReviews(db, sealer)) {
  return gateways.map(
    (shared) =>
      new ReviewDesk({
        audit,
        clock,
        shared,
        search: { search, watch: () => Promise.resolve({ records: null }) },
        store,
        cases: { ofAlert: () => Promise.resolve(null) },
        settings: usualReview,
        mostEmergencies: 10,
        hours: [],
        holidays: [],
        localDay: (at: number) => new Date(at).toISOString().slice(0, 10),
        localTime: () => ({ weekday: 1, minute: 0 }),
        hash: sha256,
        checkpoint: () => null,
        treeOf: () => null,
        changes: { changes: () => ({ changes: [], unreadable: 0 }) },
        isReviewer: () => Promise.resolve(false),
        onFailed,
      } as unknown as ReviewDeskNeeds),
  );
}

const row: RowFacts = {
  row: 1,
  person: { issuer, sub: 'jane', name: 'jane' },
  displayName: 'Jane',
  role: 'nurse',
  grantedAt: 1,
  seenAt: 1,
  use: { by: 'sign-in', at: 1, rule: null },
  unused: [],
};

function recertificationDesks() {
  return gateways.map(
    (shared) =>
      new RecertificationDesk({
        audit,
        clock,
        shared,
        store: new SqliteRecertifications(db),
        search: { search },
        hash: sha256,
        checkpoint: () => null,
        due: { everySeconds: 1, warnSeconds: 1, changesWithinSeconds: 1 },
        onFailed,
      } as unknown as RecertificationDeskNeeds),
  );
}

function endingNeeds(): EndPersonNeeds[] {
  const none = async (): Promise<number> => Promise.resolve(0);
  return gateways.map(
    (shared) =>
      ({
        audit,
        clock,
        shared,
        endings: new SqliteEndings(db),
        sessions: { ofSubject: () => Promise.resolve([]) },
        vault: { removeAll: none },
        enrolCodes: { revoke: none },
        grants: { endOf: none },
        held: { discardAll: none },
        budgets: { account: () => ({ change: none }) },
        factorHolders: [],
        running: () => 0,
      }) as unknown as EndPersonNeeds,
  );
}

const jane = { issuer, sub: 'jane', name: 'jane', noticedAt: null };

onEachEngine(() => {
  test('of two who close a case at once one does, and its steps stand in the order in which they were taken', async () => {
    const [one, other] = caseDesks();
    const alert = alertAbout('jane');
    const opened = await Promise.all([one?.cases.open('gateway', [alert]), other?.cases.open('gateway', [alert])]);
    expect(opened.filter((did) => did !== undefined && 'refused' in did)).toEqual([{ refused: 'has-case' }]);
    const id = opened.flatMap((did) => (did !== undefined && 'opened' in did ? [did.opened] : []))[0] ?? '';
    const finding = { kind: 'finding', text: 'Looked at', disposition: null } as const;
    for (const desk of [other, one, other]) expect(await desk?.cases.take(reviewer('rita'), id, finding)).toBeNull();
    const disposition = { kind: 'disposition', text: 'Part of the work', disposition: 'justified' } as const;
    expect(await one?.cases.take(reviewer('rita'), id, disposition)).toBeNull();
    const closed = { kind: 'closed', text: 'Done', disposition: null } as const;
    const did = await Promise.all([one, other].map(async (desk) => desk?.cases.take(reviewer('rita'), id, closed)));
    expect(did.filter((refused) => refused === null)).toHaveLength(1);
    const steps = (await other?.cases.find(id))?.steps ?? [];
    expect(steps.map(({ kind }) => kind)).toEqual(['opened', 'finding', 'finding', 'finding', 'disposition', 'closed']);
    expect(steps.map(({ at }) => at)).toEqual(steps.map(({ at }) => at).toSorted((a, b) => a - b));
  });

  test('a question that is put at one gateway waits at the other, until it is answered at either, whatever was missed', async () => {
    const [one, other] = caseDesks();
    const opened = await one?.cases.open('gateway', [alertAbout('jane')]);
    const id = opened !== undefined && 'opened' in opened ? opened.opened : '';
    await one?.cases.putQuestion('gateway', id, 'Why?');
    await expect.poll(() => other?.questions.waiting(jane, now)).toBe('question');
    gateways[0]?.part();
    await other?.cases.takeAnswer(reviewer('jane'), id, 'I was asked');
    expect([one?.questions.waiting(jane, now), other?.questions.waiting(jane, now)]).toEqual(['question', null]);
    await gateways[0]?.join();
    expect(one?.questions.waiting(jane, now)).toBeNull();
    expect(failures).toEqual([]);
  });

  test('what a gateway died over is looked for in its own log, and left alone by others', async () => {
    const [one, other] = caseDesks();
    const opened = await one?.cases.open('gateway', [alertAbout('jane')]);
    const id = opened !== undefined && 'opened' in opened ? opened.opened : '';
    const store = new SqliteCaseStore(db, sealer);
    const step = { kind: 'finding', at: now, by: reviewer('rita').person, text: 'Kept' } as const;
    await store.prepare({ id: 'of-the-first', of: id, step, alerts: [], opens: null, log: 'log-1' });
    await other?.cases.putQuestion('gateway', id, 'Why?');
    expect((await store.pending()).map(({ id: pending }) => pending)).toEqual(['of-the-first']);
    const [restarted] = caseDesks();
    await restarted?.cases.take(reviewer('rita'), id, { kind: 'finding', text: 'More', disposition: null });
    expect(await store.pending()).toEqual([]);
  });

  test('of two signatures under a review one counts, and the other is told so', async () => {
    const desks = reviewDesks();
    await new SqliteReviews(db, sealer).begin(reviewFacts, []);
    const list = (await desks[1]?.view(reviewFacts.id))?.list ?? '';
    const signed = await Promise.all(
      desks.map(async (desk, n) => desk.sign(reviewer(['rita', 'ruth'][n] ?? ''), reviewFacts.id, list)),
    );
    expect(new Set(signed)).toEqual(new Set([null, 'signed']));
    expect(events('review-signed')).toBe(1);
  });

  test('reviews are prepared where a gateway leads, once; the others say what is late', async () => {
    const [leader, other] = reviewDesks();
    await new SqliteReviews(db, sealer).begin(reviewFacts, []);
    log.push(auditEntry('break-glass', now - minute, { subject: { issuer, sub: 'jane', name: 'jane' }, detail: 'x' }));
    await other?.look();
    expect([events('review-prepared'), events('review-overdue'), other?.notices().length]).toEqual([0, 0, 1]);
    await leader?.look();
    expect([events('review-prepared'), events('review-overdue'), leader?.notices()]).toEqual([1, 1, other?.notices()]);
    // One that led until now knows nothing of it yet.
    const [former] = reviewDesks(new NothingKnown(db, sealer));
    await former?.look();
    now += minute;
    await leader?.look();
    expect([events('review-prepared'), events('review-overdue'), failures]).toEqual([1, 1, []]);
  });

  test('of two signatures under a recertification one counts, and only who leads closes what is gone', async () => {
    const desks = recertificationDesks();
    const store = new SqliteRecertifications(db);
    const facts = { id: 'c', quarter: '2026-Q4', startedAt: 1, since: 0, policy: 'p', roles: [], unknownPeople: 0 };
    await store.begin(facts, [row]);
    const asked = { rows: [1], decision: 'remove', note: 'Left the ward' } as never;
    expect(await desks[1]?.decide(reviewer('rita'), asked)).toBeNull();
    now += 1;
    const list = (await desks[0]?.view())?.list ?? '';
    const signed = await Promise.all(desks.map(async (desk) => desk.sign(reviewer('rita'), list)));
    expect(new Set(signed)).toEqual(new Set([null, 'signed']));
    expect(events('recertification-signed')).toBe(1);
    const gone = 'INSERT INTO person_roles (issuer, sub, role, granted_at, seen_at, gone_at) VALUES (?, ?, ?, 1, 1, 5)';
    await db.run('identity', [{ sql: gone, params: [issuer, 'jane', 'nurse'] }]);
    await desks[1]?.look();
    expect(events('recertification-closed')).toBe(0);
    await desks[0]?.look();
    expect([events('recertification-closed'), failures]).toEqual([1, []]);
  });

  test('an end of access is done once at a time, and what is broken off is completed once', async () => {
    const needs = endingNeeds();
    await Promise.all(needs.map(async (one) => endPerson(one, jane)));
    expect(events('offboarded')).toBe(2);
    expect(await new SqliteLeavers(db).isBlocked(jane)).toBe(true);
    await new SqliteEndings(db).begin(jane, now);
    expect((await Promise.all(needs.map(async (one) => completeEndings(one)))).toSorted((a, b) => a - b)).toEqual([0, 1]);
    expect(events('offboarded')).toBe(3);
  });

  test('what a gateway left when it stopped is completed by the one that leads, after a while', async () => {
    const completed: string[] = [];
    const looks = endingNeeds().map((one, n) => {
      const { leadership } = gateways[n] as GatewayOfSeveral;
      return new BrokenEndings({ ...one, leadership, onCompleted: (people) => void completed.push(`${n}: ${people}`), onFailed });
    });
    await new SqliteEndings(db).begin(jane, now);
    for (const later of [minute, 5 * minute, 5 * minute]) {
      now += later;
      await Promise.all(looks.map(async (one) => one.look()));
    }
    expect([completed, events('offboarded'), failures]).toEqual([['0: 1'], 1, []]);
  });
});
