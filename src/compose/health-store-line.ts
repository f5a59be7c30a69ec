// Whether the store of sessions and settings answers, in a line for the page of health: it is asked, because sessions are held in
// memory and say nothing about it.

import type { HealthLine } from '../console-ports.ts';
import type { Endings } from '../ending-ports.ts';

export interface StoreAsked {
  readonly sessions: { readonly size: number };
  readonly endings: Pick<Endings, 'open'>;
}

/** Whoever reads the page is not to wait for a disk that hangs. */
const mostMilliseconds = 3000;

/** Never rejects. */
export async function storeLine({ sessions, endings }: StoreAsked, milliseconds = mostMilliseconds): Promise<HealthLine> {
  const what = 'Sessions and settings';
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => (timer = setTimeout(() => resolve('late'), milliseconds)));
  try {
    const answer = await Promise.race([endings.open(), late]);
    if (answer === 'late')
      return { what, state: 'bad', says: `the store has not answered within ${Math.ceil(milliseconds / 1000)} seconds` };
    return { what, state: 'good', says: `the store answers; ${sessions.size} sessions in it` };
  } catch {
    return { what, state: 'bad', says: 'the store does not answer; the log of the gateway says why' };
  } finally {
    clearTimeout(timer);
  }
}
