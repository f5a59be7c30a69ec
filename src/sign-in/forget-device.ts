// A known device becomes a browser like any other: recorded first, then unknown, also to the sessions that were signed in on
// it, which from then on have the limits of an unknown one.

import type { Device } from '../device-ports.ts';
import type { OwnPageContext, Session } from '../ports.ts';
import { record, recordedSession } from './record.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

/** False where it was gone already. `by`: whose doing it is. */
export async function forgetDevice(
  needs: Pick<SignInNeeds, 'audit' | 'clock' | 'devices' | 'sessions'>,
  context: OwnPageContext,
  by: Session,
  { id, kind, name }: Device,
): Promise<boolean> {
  const detail = `${kind} device "${name}"`;
  await record(needs, context, 'device-removed', { ...recordedSession(by), decision: 'allowed', detail });
  const wasThere = await needs.devices.remove(id);
  for (const { key } of needs.sessions.onDevice(id)) await needs.sessions.update(key, { device: null });
  return wasThere;
}
