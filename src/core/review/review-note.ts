// The sentences in the records of reviews. Whoever holds a certificate against the record reads them back, so writing and
// reading live side by side. No patient stands in them, and no note of a reviewer.

import { recordName } from '../audit/record-number.ts';
import type { Review, ReviewCheckpoint, ReviewDisposition, ReviewFacts, ReviewItem } from './review.ts';

export interface ReviewSigned {
  readonly id: string;
  readonly items: number;
  readonly fine: number;
  readonly question: number;
  readonly cases: number;
  /** SHA-256 of the certificate, hex. */
  readonly hash: string;
  readonly checkpoint: ReviewCheckpoint | null;
}

const signedPattern =
  /^Review (\S+) signed: (\d+) items, (\d+) fine, (\d+) question, (\d+) case; certificate ([0-9a-f]{64}); checkpoint (?:none|(\d+) ([0-9a-f]{64}))$/;

export function writePrepared({ id, sample }: ReviewFacts, items: number): string {
  if (sample === null) return `Review ${id} prepared: ${items} items`;
  const { seed, size, checkpoint } = sample;
  return `Review ${id} prepared: ${items} items; sample ${size} seed ${seed}; checkpoint ${checkpoint.size} ${checkpoint.root}`;
}

/** `of` is the case in which the item is looked into; null where none is. */
export function writeDisposed(
  id: string,
  { number, record }: Pick<ReviewItem, 'number' | 'record'>,
  disposition: ReviewDisposition,
  of: string | null,
): string {
  return `Review ${id} item ${number}: ${disposition}; record ${recordName(record)}${of === null ? '' : `; case ${of}`}`;
}

export function writeRefused(id: string, what: string, why: string): string {
  return `Review ${id}: ${what} refused: ${why}`;
}

export function writeOverdue({ id, dueAt }: Review): string {
  return `Review ${id} is overdue: it was due at ${new Date(dueAt).toISOString()}`;
}

export function writeReviewSigned(
  id: string,
  items: readonly ReviewItem[],
  hash: string,
  checkpoint: ReviewCheckpoint | null,
): string {
  const of = (disposition: ReviewDisposition): number =>
    items.filter(({ disposed }) => disposed?.disposition === disposition).length;
  const counts = `${items.length} items, ${of('fine')} fine, ${of('question')} question, ${of('case')} case`;
  const under = checkpoint === null ? 'none' : `${checkpoint.size} ${checkpoint.root}`;
  return `Review ${id} signed: ${counts}; certificate ${hash}; checkpoint ${under}`;
}

export function readReviewSigned(detail: string): ReviewSigned | null {
  const match = signedPattern.exec(detail);
  if (match === null) return null;
  const [, id = '', items, fine, question, cases, hash = '', size, root] = match;
  const checkpoint = root === undefined ? null : { size: Number(size), root };
  return { id, items: Number(items), fine: Number(fine), question: Number(question), cases: Number(cases), hash, checkpoint };
}
