// Whether the store of sessions and settings answers, in a line for the page of health: it is asked, because sessions are held in
// memory and say nothing about it.

import type { StoreStanding } from '../adapters/store-standing.ts';
import type { HealthLine } from '../console-ports.ts';
import type { Endings } from '../ending-ports.ts';

export interface StoreAsked {
  readonly sessions: { readonly size: number };
  readonly endings: Pick<Endings, 'open'>;
  readonly standing?: Pick<StoreStanding, 'kind' | 'leads' | 'notices'>;
}

/** Whoever reads the page is not to wait for a disk that hangs. */
const mostMilliseconds = 3000;

/** Never rejects. */
export async function storeLine(
  { sessions, endings, standing }: StoreAsked,
  milliseconds = mostMilliseconds,
): Promise<HealthLine> {
  const what = 'Sessions and settings';
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => (timer = setTimeout(() => resolve('late'), milliseconds)));
  try {
    const answer = await Promise.race([endings.open(), late]);
    if (answer === 'late')
      return { what, state: 'bad', says: `the store has not answered within ${Math.ceil(milliseconds / 1000)} seconds` };
    const [notice] = standing?.notices() ?? [];
    if (notice !== undefined) return { what, state: 'bad', says: notice };
    return { what, state: 'good', says: `${whoAnswers(standing)}; ${sessions.size} sessions in it` };
  } catch {
    return { what, state: 'bad', says: standing?.notices()[0] ?? 'the store does not answer; the log of the gateway says why' };
  } finally {
    clearTimeout(timer);
  }
}

function whoAnswers(standing: StoreAsked['standing']): string {
  if (standing?.kind === 'shared')
    return `PostgreSQL and Redis answer, shared with other gateways${standing.leads ? '; this one leads' : ''}`;
  return standing?.kind === 'durable' ? 'PostgreSQL answers, for this gateway alone' : 'the store answers';
}
