// One string for one person, to seal by and to count by. (issuer, sub) and nothing else: names and addresses change hands.

import type { Subject } from '../ports.ts';

export function personKey({ issuer, sub }: Pick<Subject, 'issuer' | 'sub'>): string {
  return JSON.stringify([issuer, sub]);
}
