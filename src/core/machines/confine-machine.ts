// Where a machine has nothing to ask for, whatever the rules say: the pages of the gateway itself, and the applications
// that the configuration does not name it for.

import type { MachineSession } from '../session/machine-session.ts';

/** Why it may not be there, or null. `isOwnPage`: the gateway's own pages. */
export function confineMachine(
  { machine, applications }: Pick<MachineSession, 'machine' | 'applications'>,
  application: string,
  isOwnPage: boolean,
): string | null {
  if (isOwnPage) return "The gateway's own pages are for people";
  if (applications === null || applications.includes(application)) return null;
  return `Machine "${machine}" has nothing to do with application "${application}"`;
}
