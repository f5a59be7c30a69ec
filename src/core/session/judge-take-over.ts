// What becomes of a person's other sessions when they sign in. Never keeps anybody out: whoever is not asked goes on beside
// them, or in their place.

/** By configuration: ask, or do the one or the other without asking. */
export type TakeOver = 'ask' | 'always' | 'never';

/** `others`: sessions of the same person that are in use or locked elsewhere. `mayAsk`: whether a page may be shown now. */
export function judgeTakeOver(configured: TakeOver, others: number, mayAsk: boolean): 'nothing' | 'ask' | 'end' | 'keep' {
  if (others === 0) return 'nothing';
  if (configured === 'always') return 'end';
  return configured === 'ask' && mayAsk ? 'ask' : 'keep';
}
