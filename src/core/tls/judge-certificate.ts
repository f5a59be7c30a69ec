// Says what is wrong with a certificate that can be used all the same: what its readers' browsers will not accept, and what
// will end soon. In words, because whoever reads them renews a certificate once a year.

import type { CertificateFacts } from './certificate-facts.ts';

export interface CertificateProblem {
  readonly kind: 'expired' | 'not-yet' | 'ends-soon' | 'wrong-name' | 'self-signed' | 'chain';
  /** People are turned away, or will be within a week. */
  readonly isGrave: boolean;
  readonly says: string;
  readonly fix: string;
}

export const daySeconds = 86_400;
const dayMilliseconds = daySeconds * 1000;
/** Days before the end at which a warning begins, and at which it becomes urgent. */
export const warnDays = 30;
export const urgentDays = 7;

/** Days that are left, with their fraction; negative once it has ended. `now` is epoch milliseconds. */
export function daysLeft({ notAfter }: Pick<CertificateFacts, 'notAfter'>, now: number): number {
  return (notAfter - now) / dayMilliseconds;
}

/** The graver ones first. */
export function judgeCertificate(facts: CertificateFacts, now: number): readonly CertificateProblem[] {
  const problems = [...ofTime(facts, now), ...ofNames(facts), ...ofChain(facts)];
  return [...problems.filter(({ isGrave }) => isGrave), ...problems.filter(({ isGrave }) => !isGrave)];
}

function ofTime(facts: CertificateFacts, now: number): readonly CertificateProblem[] {
  const left = daysLeft(facts, now);
  if (facts.notBefore > now) {
    const says = `It is valid only from ${dayOf(facts.notBefore)} on`;
    return [{ kind: 'not-yet', isGrave: true, says, fix: "wait until then, or set this machine's clock right" }];
  }
  const fix = 'put the renewed files in place; they are taken without a restart';
  if (left <= 0) return [{ kind: 'expired', isGrave: true, says: `It ended on ${dayOf(facts.notAfter)}`, fix }];
  if (left > warnDays) return [];
  return [{ kind: 'ends-soon', isGrave: left <= urgentDays, says: `It ends on ${dayOf(facts.notAfter)}, ${inDays(left)}`, fix }];
}

function ofNames({ names, uncovered }: CertificateFacts): readonly CertificateProblem[] {
  if (uncovered.length === 0) return [];
  const holds = names.length === 0 ? 'it names no host at all' : `it is for ${some(names)}`;
  const says = `It is not for ${some(uncovered)}: ${holds}`;
  const fix = `have one issued that names ${some(uncovered)} among its alternative names (SAN)`;
  return [{ kind: 'wrong-name', isGrave: true, says, fix }];
}

function ofChain({ isSelfSigned, missing }: CertificateFacts): readonly CertificateProblem[] {
  if (isSelfSigned) {
    const says = 'It is signed by itself, so every browser warns of it';
    return [{ kind: 'self-signed', isGrave: false, says, fix: 'have one issued, or tell every workstation to trust this one' }];
  }
  if (missing === null) return [];
  const says = `Its chain ends at "${missing.name}", which is not in the file and no authority that this machine knows`;
  const from = missing.at === null ? '' : `, which is offered at ${missing.at}`;
  const fix = `append that intermediate certificate behind the first one${from}; if it is your own authority, have every workstation trust it`;
  return [{ kind: 'chain', isGrave: false, says, fix }];
}

const mostNamed = 5;

function some(names: readonly string[]): string {
  const more = names.length - mostNamed;
  return `${names
    .slice(0, mostNamed)
    .map((name) => `"${name}"`)
    .join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** `2026-12-14`, in UTC, which is what the certificate says. */
export function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

export function inDays(left: number): string {
  const whole = Math.floor(left);
  return whole === 0 ? 'within a day' : `in ${whole} ${whole === 1 ? 'day' : 'days'}`;
}
