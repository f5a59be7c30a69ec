// The words of disclosures, what is still owed, and what is held back, sealed in the database that syncs every commit. The record
// of a disclosure names its row and holds a commitment to the words, so that they cannot be changed here unseen: an HMAC-SHA-256
// under a key that lies with them, by which nobody can guess them from the log.

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { auditEntry } from '../core/audit/entry.ts';
import { bases } from '../core/disclosures/disclosure.ts';
import type { Basis } from '../core/disclosures/disclosure.ts';
import type { Suspension } from '../core/disclosures/suspension.ts';
import type { AskedDownload, DisclosureBook, Discloser, KeptDisclosure } from '../disclosure-ports.ts';
import type { OperationsLog, Randomness, Sealer } from '../ports.ts';
import { disclosureOwner, disclosurePurpose, owedOwner, owedPurpose, suspensionPurpose } from './sealed-owners.ts';
import type { StateDb, Statement, StatementResult } from './state-db.ts';

const text = z.string();
const words = z.object({
  key: text,
  recipient: text,
  address: text.nullable(),
  description: text,
  purpose: text,
  basis: z.enum(bases as [Basis, ...Basis[]]),
  count: z.number().nullable(),
  madeAt: z.number(),
});
const owedFields = [
  'request',
  'application',
  'method',
  'target',
  'targetHash',
  'patient',
  'patientSource',
  'category',
  'rule',
  'grant',
] as const;
/** The fields of a record that tell which download it was. */
const owedEntry = z
  .object(Object.fromEntries(owedFields.map((name) => [name, text])) as Record<(typeof owedFields)[number], typeof text>)
  .partial()
  .extend({ of: text.nullable() });
const suspension = z.object({
  patient: text,
  agency: text,
  because: text,
  oral: z.boolean(),
  from: z.number(),
  until: z.number(),
});

export interface DisclosureBookOptions {
  readonly db: Pick<StateDb, 'run'>;
  readonly sealer: Sealer;
  readonly randomness: Randomness;
  readonly log: OperationsLog;
}

export class SqliteDisclosureBook implements DisclosureBook {
  readonly #options: DisclosureBookOptions;

  constructor(options: DisclosureBookOptions) {
    this.#options = options;
  }

  async keep(kept: KeptDisclosure, { issuer, sub }: Discloser): Promise<{ readonly id: string; readonly commitment: string }> {
    const id = this.#options.randomness.id();
    const key = randomBytes(32).toString('base64url');
    const sealed = this.#options.sealer.seal(disclosurePurpose, disclosureOwner(id), JSON.stringify({ key, ...kept }));
    const sql = 'INSERT INTO disclosures (id, issuer, sub, made_at, sealed) VALUES (?, ?, ?, ?, ?)';
    await this.#run({ sql, params: [id, issuer, sub, kept.madeAt, sealed] });
    return { id, commitment: commitmentOf(key, kept) };
  }

  async open(id: string, commitment: string): Promise<KeptDisclosure | null> {
    const found = await this.#run({ sql: 'SELECT sealed FROM disclosures WHERE id = ?', params: [id] });
    const sealed = found?.rows[0]?.['sealed'];
    if (typeof sealed !== 'string') return null;
    try {
      const plain = this.#options.sealer.open(disclosurePurpose, disclosureOwner(id), sealed);
      const { key, ...kept } = words.parse(JSON.parse(plain));
      return isSame(commitmentOf(key, kept), commitment) ? kept : null;
    } catch (cause) {
      this.#options.log.error({ cause }, 'The words of a disclosure could not be opened');
      return null;
    }
  }

  async owe({ id, at, patient, entry }: AskedDownload, { issuer, sub }: Discloser): Promise<void> {
    const fields = Object.fromEntries(owedFields.map((name) => [name, entry[name]]));
    const said = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
    const sealed = this.#options.sealer.seal(
      owedPurpose,
      owedOwner({ issuer, sub }, id),
      JSON.stringify({ ...said, of: patient }),
    );
    const sql = 'INSERT INTO owed_disclosures (id, issuer, sub, name, at, sealed) VALUES (?, ?, ?, ?, ?, ?)';
    await this.#run({ sql, params: [id, issuer, sub, entry.subject?.name ?? '', at, sealed] });
  }

  async owed(who?: Discloser): Promise<readonly AskedDownload[]> {
    const all = 'SELECT id, issuer, sub, name, at, sealed FROM owed_disclosures';
    const found = await this.#run(
      who === undefined
        ? { sql: `${all} ORDER BY at LIMIT 1000`, params: [] }
        : { sql: `${all} WHERE issuer = ? AND sub = ? ORDER BY at LIMIT 1000`, params: [who.issuer, who.sub] },
    );
    return (found?.rows ?? []).flatMap((row) => this.#owedOf(row));
  }

  async settle(id: string, { issuer, sub }: Discloser): Promise<boolean> {
    const sql = 'DELETE FROM owed_disclosures WHERE id = ? AND issuer = ? AND sub = ?';
    return (await this.#run({ sql, params: [id, issuer, sub] }))?.changes === 1;
  }

  async suspend(id: string, { patient, agency, because, oral, from, until }: Suspension): Promise<void> {
    const stated = { patient, agency, because, oral, from, until };
    const sealed = this.#options.sealer.seal(suspensionPurpose, disclosureOwner(id), JSON.stringify(stated));
    const sql = 'INSERT INTO disclosure_suspensions (id, until, lifted_at, sealed) VALUES (?, ?, NULL, ?)';
    await this.#run({ sql, params: [id, until, sealed] });
  }

  /** One that cannot be opened must not be taken for none: this rejects. */
  async suspensions(): Promise<readonly (Suspension & { readonly id: string })[]> {
    const found = await this.#run({ sql: 'SELECT id, lifted_at, sealed FROM disclosure_suspensions ORDER BY rowid', params: [] });
    return (found?.rows ?? []).map((row) => {
      const { id, lifted_at: lifted, sealed } = z.object({ id: text, lifted_at: z.number().nullable(), sealed: text }).parse(row);
      const plain = this.#options.sealer.open(suspensionPurpose, disclosureOwner(id), sealed);
      return { id, ...suspension.parse(JSON.parse(plain)), liftedAt: lifted };
    });
  }

  async lift(id: string, at: number): Promise<boolean> {
    const sql = 'UPDATE disclosure_suspensions SET lifted_at = ?1 WHERE id = ?2 AND lifted_at IS NULL AND until > ?1';
    return (await this.#run({ sql, params: [at, id] }))?.changes === 1;
  }

  #owedOf(row: Readonly<Record<string, unknown>>): readonly AskedDownload[] {
    const { id, issuer, sub, name, at, sealed } = z
      .object({ id: text, issuer: text, sub: text, name: text, at: z.number(), sealed: text })
      .parse(row);
    const subject = { issuer, sub, name };
    try {
      const { of: patient, ...said } = owedEntry.parse(
        JSON.parse(this.#options.sealer.open(owedPurpose, owedOwner({ issuer, sub }, id), sealed)),
      );
      return [{ id, at, patient, entry: auditEntry('disclosure-owed', at, { ...withoutUndefined(said), subject }) }];
    } catch (cause) {
      this.#options.log.error({ cause }, 'What is owed of a download could not be opened');
      return [{ id, at, patient: null, entry: auditEntry('disclosure-owed', at, { subject }) }];
    }
  }

  async #run(statement: Statement): Promise<StatementResult | undefined> {
    return (await this.#options.db.run('identity', [statement]))[0];
  }
}

/** Over the words in a fixed order. */
function commitmentOf(key: string, kept: KeptDisclosure): string {
  const { recipient, address, description, purpose, basis, count, madeAt } = kept;
  const said = JSON.stringify([recipient, address, description, purpose, basis, count, madeAt]);
  return createHmac('sha256', Buffer.from(key, 'base64url')).update(said).digest('hex');
}

function isSame(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one, 'hex'), Buffer.from(other, 'hex')];
  return left.length === right.length && timingSafeEqual(left, right);
}

function withoutUndefined<T extends object>(value: T): { [K in keyof T]: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as {
    [K in keyof T]: NonNullable<T[K]>;
  };
}
