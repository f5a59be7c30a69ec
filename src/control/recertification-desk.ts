// Runs a recertification: starts it, takes decisions and the signature, follows what was to be removed, and says what is
// overdue. Everything is on record before it counts, and one thing is done after the other.

import type { AuditEntry, AuditEvent } from '../core/audit/entry.ts';
import type { Campaign, CampaignRow, Closed } from '../core/recertification/campaign.ts';
import { campaignRows, reviewedRoles } from '../core/recertification/campaign-rows.ts';
import { judgeDecision } from '../core/recertification/judge-decision.ts';
import type { AskedDecision } from '../core/recertification/judge-decision.ts';
import { dueNotices, openRows } from '../core/recertification/judge-due.ts';
import type { DueSettings } from '../core/recertification/judge-due.ts';
import { isConfirmed, judgeSignature } from '../core/recertification/judge-signature.ts';
import { quarterOf } from '../core/recertification/quarter.ts';
import { readSigned, useWords, writeClosed, writeDecided, writeSigned } from '../core/recertification/recertification-note.ts';
import { listText, statementText } from '../core/recertification/statement.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { ReadingsOf } from '../core/rights/rights-of.ts';
import type { PeopleRegister } from '../people-ports.ts';
import type { CampaignView, RecertificationStore, Recertifications, Reviewer } from '../recertification-ports.ts';
import type { RecordSearch } from '../search-ports.ts';
import type { SharedParts } from '../shared-ports.ts';
import { MinuteLook } from './minute-look.ts';
import { OneByOne } from './one-by-one.ts';
import { recordDurably } from './record-durably.ts';
import { reviewerEntry } from './reviewer-entry.ts';
import type { RecordDurablyNeeds } from './record-durably.ts';
import { roleHolders } from './role-holders.ts';

export interface RecertificationDeskNeeds extends RecordDurablyNeeds {
  readonly store: RecertificationStore;
  readonly people: Pick<PeopleRegister, 'all'>;
  readonly search: Pick<RecordSearch, 'search'>;
  readonly policy: () => Policy;
  readonly readingsOf: ReadingsOf;
  /** SHA-256, hex. */
  readonly hash: (text: string) => string;
  readonly newId: () => string;
  /** The last of the access record; null where there is none yet. */
  readonly checkpoint: () => { readonly size: number; readonly root: string } | null;
  /** `2026-11-30` at the clinic. */
  readonly localDay: (now: number) => string;
  readonly due: DueSettings;
  readonly onFailed: (cause: unknown) => void;
  /** Absent: this gateway is alone. */
  readonly shared?: Pick<SharedParts, 'turns' | 'leadership'>;
}

/** Use is told of so long, where nothing was signed before. */
const firstPeriodSeconds = 92 * 86_400;
/** Signatures looked through for the one of the campaign. */
const mostSignatures = 20;

export class RecertificationDesk implements Recertifications {
  readonly #needs: RecertificationDeskNeeds;
  readonly #turns: OneByOne;
  readonly #look = new MinuteLook();
  #notices: readonly string[] = [];

  constructor(needs: RecertificationDeskNeeds) {
    this.#needs = needs;
    this.#turns = new OneByOne(needs.shared?.turns, 'recertification');
  }

  /** As sentences without their full stop; from the last look. */
  notices(): readonly string[] {
    return this.#notices;
  }

  /** Call it every few seconds; it looks once a minute. Never rejects. */
  async look(): Promise<void> {
    const { clock, onFailed } = this.#needs;
    if (this.#look.isDue(clock.now())) await this.follow().catch(onFailed);
  }

  /** Looks now. */
  async follow(): Promise<void> {
    // Of several gateways the one that leads closes what is done; the others show it.
    if (this.#needs.shared?.leadership.leads === false) await this.#lookAt();
    else await this.#turns.run(() => this.#follow());
  }

  async start(quarter: string | null): Promise<{ readonly started: Campaign } | { readonly why: string }> {
    return this.#turns.run(async () => {
      const { store, policy, clock, readingsOf, newId, localDay } = this.#needs;
      const now = clock.now();
      const wanted = quarter ?? quarterOf(localDay(now));
      const before = await store.current();
      if (before !== null && before.signedAt === null && before.quarter === wanted)
        return {
          why: `Recertification ${wanted} is open already: it is decided and signed at /.wardgate/console/recertification`,
        };
      const since = (await store.lastSignedAt()) ?? now - firstPeriodSeconds * 1000;
      const rules = policy();
      const { holders, unknownPeople } = await roleHolders(this.#needs, rules, since);
      const rows = campaignRows(rules, holders);
      if (rows.length === 0) return { why: 'Nobody is known to have a role yet: people are, once they sign in' };
      const facts = {
        id: newId(),
        quarter: wanted,
        startedAt: now,
        since,
        policy: rules.version,
        roles: reviewedRoles(rules, readingsOf),
        unknownPeople,
      };
      const replaced = before === null || before.signedAt !== null ? '' : `; ${before.quarter} was never signed`;
      const detail = `Recertification ${wanted} started: ${rows.length} rows of ${holders.length} people, ${unknownPeople} people without a known role${replaced}`;
      await recordDurably(this.#needs, 'recertification-started', { policy: rules.version.slice(0, 16), detail });
      await store.begin(facts, rows);
      const started = {
        ...facts,
        rows: rows.map((row) => ({ ...row, decided: null, closed: null })),
        statement: null,
        signedAt: null,
      };
      await this.#follow();
      return { started };
    });
  }

  async view(): Promise<CampaignView | null> {
    const campaign = await this.#needs.store.current();
    if (campaign === null) return null;
    return { campaign, list: this.#needs.hash(listText(campaign)), unaltered: await this.#unaltered(campaign) };
  }

  isConfirmed(campaign: Campaign, { factor }: Reviewer): boolean {
    return isConfirmed(campaign, { confirmedAt: factor.at, now: this.#needs.clock.now() });
  }

  async decide(reviewer: Reviewer, asked: AskedDecision): ReturnType<Recertifications['decide']> {
    return this.#turns.run(async () => {
      const { store, clock } = this.#needs;
      const campaign = await store.current();
      if (campaign === null) return 'no-campaign';
      const verdict = judgeDecision(campaign, asked, reviewer.person);
      if (!verdict.may) return verdict.why;
      const { rows, decision, note } = verdict;
      for (const row of rows)
        await this.#record('recertification-decided', reviewer, { detail: decidedDetail(campaign, row, decision, note) });
      const decided = { decision, note, by: reviewer.person, at: clock.now() };
      await store.decide(
        campaign.id,
        rows.map(({ row }) => row),
        decided,
      );
      return null;
    });
  }

  async sign(reviewer: Reviewer, shown: string): ReturnType<Recertifications['sign']> {
    return this.#turns.run(async () => {
      const { store, clock, hash, checkpoint } = this.#needs;
      const campaign = await store.current();
      if (campaign === null) return 'no-campaign';
      const now = clock.now();
      const list = hash(listText(campaign));
      const refused = judgeSignature(campaign, { confirmedAt: reviewer.factor.at, now, shown, list });
      if (refused !== null) return refused;
      const under = checkpoint();
      const text = statementText(campaign, { reviewer: reviewer.person, at: now, factor: reviewer.factor, checkpoint: under });
      // Kept first: a hash on record without its text would prove nothing.
      await store.keepStatement(campaign.id, text);
      const counts = countOf(campaign);
      const detail = writeSigned({ quarter: campaign.quarter, ...counts, hash: hash(text), checkpoint: under });
      await this.#record('recertification-signed', reviewer, { policy: campaign.policy.slice(0, 16), detail });
      // Whoever signed first, signed.
      if (!(await store.sign(campaign.id, now))) return 'signed';
      await this.#follow();
      return null;
    });
  }

  /** IT says that a row is done. Null where it was. */
  async done(row: number, by: string): Promise<string | null> {
    return this.#turns.run(async () => {
      const campaign = await this.#needs.store.current();
      const open = campaign === null || campaign.signedAt === null ? [] : openRows(campaign.rows);
      const found = open.find((one) => one.row === row);
      if (campaign === null || found === undefined)
        return `Nothing is open under row ${row}; "wardgate recertify status" lists what is`;
      await this.#close(campaign, found, { how: 'done', at: this.#needs.clock.now(), by });
      await this.#follow();
      return null;
    });
  }

  /** What was decided against and is gone now is closed; then what is overdue is found out. */
  async #follow(): Promise<void> {
    const { store } = this.#needs;
    const campaign = await store.current();
    const roles = await store.roles();
    if (campaign !== null && campaign.signedAt !== null) {
      for (const row of openRows(campaign.rows)) {
        const known = roles.find(
          (one) => one.role === row.role && one.issuer === row.person.issuer && one.sub === row.person.sub,
        );
        const at = known?.goneAt ?? null;
        if (at !== null) await this.#close(campaign, row, { how: 'seen-gone', at, by: null });
      }
    }
    await this.#lookAt();
  }

  async #lookAt(): Promise<void> {
    const { store, clock, due } = this.#needs;
    const roles = await store.roles();
    const current = await store.current();
    const knownSince = roles.length === 0 ? null : Math.min(...roles.map(({ grantedAt }) => grantedAt));
    const facts = { current, signedAt: await store.lastSignedAt(), knownSince, now: clock.now() };
    const altered = current !== null && (await this.#unaltered(current)) === false;
    this.#notices = [
      ...(altered ? [`Recertification ${current.quarter} is not what was signed: it was changed afterwards`] : []),
      ...dueNotices(due, facts),
    ];
  }

  async #close(campaign: Campaign, row: CampaignRow, closed: Closed): Promise<void> {
    const { person, role } = row;
    const how = closed.how === 'done' ? `done, says ${closed.by ?? 'somebody'}` : 'they came without it';
    const detail = writeClosed({ quarter: campaign.quarter, row: row.row, role, person: person.name, how });
    await recordDurably(this.#needs, 'recertification-closed', { subject: person, detail });
    await this.#needs.store.close(campaign.id, row.row, closed);
  }

  /** The rows are those of the signed text, and its hash is the one on record. */
  async #unaltered(campaign: Campaign): Promise<boolean | null> {
    const { signedAt, statement } = campaign;
    if (signedAt === null) return null;
    const { hash, search } = this.#needs;
    if (statement === null || listIn(statement) !== listText(campaign)) return false;
    const { requests } = await search.search({ event: 'recertification-signed' }, mostSignatures);
    const signed = requests
      .flatMap(({ detail }) => readSigned(detail ?? '') ?? [])
      .filter(({ quarter }) => quarter === campaign.quarter);
    if (signed.length === 0) return null;
    return signed.some((one) => one.hash === hash(statement));
  }

  async #record(event: AuditEvent, reviewer: Reviewer, fields: Partial<AuditEntry>): Promise<void> {
    await recordDurably(this.#needs, event, { ...reviewerEntry(reviewer), ...fields });
  }
}

function decidedDetail(
  { quarter }: Campaign,
  { row, role, person, use }: CampaignRow,
  decision: 'keep' | 'remove' | 'change',
  note: string,
): string {
  return writeDecided({ quarter, row, decision, role, person: person.name, use: useWords(use), note });
}

function countOf({ rows }: Campaign) {
  const of = (decision: string): number => rows.filter(({ decided }) => decided?.decision === decision).length;
  return { rows: rows.length, keep: of('keep'), remove: of('remove'), change: of('change') };
}

/** What cannot be read was not signed. */
function listIn(statement: string): string {
  try {
    return JSON.stringify((JSON.parse(statement) as { readonly list?: unknown }).list);
  } catch {
    return '';
  }
}
