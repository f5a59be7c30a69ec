// An EHR that tries what it is told to answer, and the vault behind it in memory: what a test of our own pages needs of signing
// people on. Keeps what it was asked, so that a test can say that nothing was.

import type { CredentialVault, EhrCredential, EhrTrial, TrialResult, VaultEntry } from '../../src/ehr-ports.ts';
import type { Session } from '../../src/ports.ts';

export interface Trial {
  readonly session: string;
  readonly application: string;
  readonly credential: EhrCredential;
  readonly address: string;
}

/** Answers `result` to every try, or what a function makes of it. */
export class FakeEhrTrial implements EhrTrial {
  readonly tried: Trial[] = [];
  readonly left: { readonly session: string; readonly application: string }[] = [];
  asked: readonly string[] | null;
  result: TrialResult | ((credential: EhrCredential) => Promise<TrialResult> | TrialResult) = {
    trial: 'signed-on',
    location: null,
    cookies: [],
  };

  constructor(asked: readonly string[] | null = null) {
    this.asked = asked;
  }

  asks(application: string): readonly string[] | null {
    return application === 'ehr' ? this.asked : null;
  }

  async try(session: Session, application: string, credential: EhrCredential, address: string): Promise<TrialResult> {
    this.tried.push({ session: session.reference, application, credential, address });
    return Promise.resolve(typeof this.result === 'function' ? this.result(credential) : this.result);
  }

  leave({ reference }: Session, application: string): void {
    this.left.push({ session: reference, application });
  }
}

type Person = Parameters<CredentialVault['get']>[0];

/** Holds what is put. */
export class FakeCredentialVault implements CredentialVault {
  readonly entries = new Map<string, VaultEntry>();

  async get(person: Person, application: string): Promise<VaultEntry | null> {
    return Promise.resolve(this.entries.get(keyOf(person, application)) ?? null);
  }

  async put(person: Person, application: string, credential: EhrCredential): Promise<void> {
    this.entries.set(keyOf(person, application), { credential, refused: false });
    return Promise.resolve();
  }

  async markRefused(person: Person, application: string): Promise<void> {
    const entry = this.entries.get(keyOf(person, application));
    if (entry !== undefined) this.entries.set(keyOf(person, application), { ...entry, refused: true });
    return Promise.resolve();
  }

  async remove(person: Person, application: string): Promise<void> {
    this.entries.delete(keyOf(person, application));
    return Promise.resolve();
  }

  async removeAll({ issuer, sub }: Person): Promise<number> {
    const theirs = [...this.entries.keys()].filter((key) => key.startsWith(JSON.stringify([issuer, sub]).slice(0, -1)));
    for (const key of theirs) this.entries.delete(key);
    return Promise.resolve(theirs.length);
  }
}

function keyOf({ issuer, sub }: Person, application: string): string {
  return JSON.stringify([issuer, sub, application]);
}
