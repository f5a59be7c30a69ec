// The certificate that people see while the gateway runs: read again when its files change, without a restart, and its end
// told in good time. What cannot be used, is only half written, or covers less than the one in use, leaves that one in use and
// says so.

import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { dirname } from 'node:path';
import type { CertificateFacts } from '../core/tls/certificate-facts.ts';
import { daysLeft, judgeCertificate } from '../core/tls/judge-certificate.ts';
import type { CertificateProblem } from '../core/tls/judge-certificate.ts';
import type { Clock, OperationsLog } from '../ports.ts';

/** For Node's TLS. */
export interface TlsBytes {
  readonly cert?: Buffer;
  readonly key?: Buffer;
  readonly pfx?: Buffer;
  readonly passphrase?: string;
}

export interface ReadCertificate {
  readonly bytes: TlsBytes;
  readonly facts: CertificateFacts;
}

export interface ServerCertificateNeeds {
  /** Absolute paths of all it is made of. */
  readonly files: readonly string[];
  /** Rejects in words where they cannot be used. */
  readonly read: () => Promise<ReadCertificate>;
  readonly clock: Clock;
  readonly log: OperationsLog;
}

/** The listeners that show it. */
export interface Secured {
  setSecureContext(options: TlsBytes & { readonly minVersion: 'TLSv1.2' }): void;
}

/** A renewal writes more than one file. */
const settleMilliseconds = 300;
/** A network drive tells nobody of its changes, so the files are looked at as well. */
const lookMilliseconds = 60_000;
const remindMilliseconds = 86_400_000;

export class ServerCertificate {
  readonly #needs: ServerCertificateNeeds;
  #used: ReadCertificate;
  /** Why the files that stand there now are not used; null where they are. */
  #refused: string | null = null;
  #remindedAt = Number.NEGATIVE_INFINITY;
  #remindedOf = '';
  #reading: Promise<void> = Promise.resolve();

  private constructor(needs: ServerCertificateNeeds, used: ReadCertificate) {
    this.#needs = needs;
    this.#used = used;
  }

  /** Rejects where it cannot be used. */
  static async open(needs: ServerCertificateNeeds): Promise<ServerCertificate> {
    const certificate = new ServerCertificate(needs, await needs.read());
    certificate.remind();
    return certificate;
  }

  get bytes(): TlsBytes {
    return this.#used.bytes;
  }

  /** With their fraction, for the metrics. */
  get daysLeft(): number {
    return daysLeft(this.#used.facts, this.#needs.clock.now());
  }

  /** What people will soon notice, for the console; the renewal that failed comes first. */
  notices(): readonly string[] {
    const failed = this.#refused === null ? [] : [`The renewed certificate is not used: ${this.#refused}`];
    const problems = this.#problems().filter(({ kind }) => kind !== 'self-signed' && kind !== 'chain');
    return [...failed, ...problems.map(({ says, fix }) => `The certificate of this address: ${says}; ${fix}`)];
  }

  /** Follows the files until the function that comes back is called. */
  follow(server: Secured): () => void {
    let timer: NodeJS.Timeout | null = null;
    const later = (): void => {
      if (timer) clearTimeout(timer);
      timer = setTimeout(() => void this.renew(server), settleMilliseconds);
    };
    const folders = new Set(this.#needs.files.map((file) => dirname(file)));
    const watchers: FSWatcher[] = [...folders].map((folder) => watch(folder, later));
    for (const one of watchers) one.on('error', (cause) => this.#needs.log.warn({ error: String(cause) }, 'Certificate files are looked at once a minute')); // prettier-ignore
    const looks = setInterval(() => void this.renew(server), lookMilliseconds).unref();
    return () => {
      if (timer) clearTimeout(timer);
      clearInterval(looks);
      for (const one of watchers) one.close();
    };
  }

  /** Takes the files as they are now, one look after another. Never rejects. */
  renew(server: Secured): Promise<void> {
    this.#reading = this.#reading.then(() => this.#renew(server));
    return this.#reading;
  }

  /** Tells the log what people's browsers mind, once a day and whenever it changes. */
  remind(): void {
    const problems = this.#problems();
    const now = this.#needs.clock.now();
    const told = problems.map(({ kind, isGrave }) => `${kind} ${isGrave}`).join(', ');
    const isDue = now - this.#remindedAt >= remindMilliseconds || now < this.#remindedAt;
    if (problems.length === 0 || (told === this.#remindedOf && !isDue)) return;
    this.#remindedAt = now;
    this.#remindedOf = told;
    for (const { isGrave, says, fix } of problems) {
      const words = `The certificate that people see: ${says}; ${fix}`;
      const fields = { certificate: this.#needs.files[0], daysLeft: Math.floor(this.daysLeft) };
      if (isGrave) this.#needs.log.error(fields, words);
      else this.#needs.log.warn(fields, words);
    }
  }

  async #renew(server: Secured): Promise<void> {
    const { files, log } = this.#needs;
    const [certificate] = files;
    try {
      const next = await this.#needs.read();
      if (!isSame(next.bytes, this.#used.bytes)) {
        const worse = this.#worse(next.facts);
        if (worse !== null) throw new Error(worse);
        server.setSecureContext({ ...next.bytes, minVersion: 'TLSv1.2' });
        this.#used = next;
        log.info({ certificate, daysLeft: Math.floor(this.daysLeft) }, 'The certificate was renewed');
      }
      this.#refused = null;
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      if (why !== this.#refused) log.error({ certificate, why }, 'The new certificate cannot be used; the old one stays');
      this.#refused = why;
    }
    this.remind();
  }

  /** Why a certificate that works would serve people less than the one in use; null where it would not. */
  #worse(next: CertificateFacts): string | null {
    const grave = judgeCertificate(next, this.#needs.clock.now()).filter(({ isGrave, kind }) => isGrave && kind !== 'ends-soon');
    const now = new Set(this.#problems().map(({ kind }) => kind));
    const lost = next.uncovered.filter((host) => !this.#used.facts.uncovered.includes(host));
    if (now.has('expired')) return null;
    const worse = grave.find(({ kind }) => (kind === 'wrong-name' ? lost.length > 0 : !now.has(kind)));
    return worse === undefined ? null : `${worse.says}; ${worse.fix}`;
  }

  #problems(): readonly CertificateProblem[] {
    return judgeCertificate(this.#used.facts, this.#needs.clock.now());
  }
}

function isSame(one: TlsBytes, other: TlsBytes): boolean {
  const same = (a: Buffer | undefined, b: Buffer | undefined): boolean =>
    a === undefined || b === undefined ? a === b : a.equals(b);
  return (
    same(one.cert, other.cert) && same(one.key, other.key) && same(one.pfx, other.pfx) && one.passphrase === other.passphrase
  );
}
