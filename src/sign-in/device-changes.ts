// Makes the browser in front of somebody a known device, and removes one. Whoever calls has seen that they confirmed lately.

import type { Request, Response } from 'express';
import { setCookie } from '../core/session/cookies.ts';
import { readDeviceName } from '../core/session/device.ts';
import type { KnownDeviceKind } from '../core/session/device.ts';
import type { Device } from '../device-ports.ts';
import type { DeviceProblem } from '../pages/device-page.ts';
import type { Session } from '../ports.ts';
import { cookieDevice, giveDevice } from './browser-device.ts';
import { forgetDevice } from './forget-device.ts';
import type { OwnContext } from './own-context.ts';
import { record, recordedSession } from './record.ts';
import { sessionKey } from './session-key.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

interface At {
  readonly req: Request;
  readonly res: Response;
  readonly session: Session;
  readonly context: OwnContext;
}

/** Whether this person may, here and now, make a browser such a device and remove one. */
export function mayChange(needs: SignInNeeds, { session, context }: At, kind: KnownDeviceKind): boolean {
  const { registeredBy, registeredFrom, own } = needs.settings.devices;
  if (kind === 'own') return own;
  const isHere = registeredFrom === null || context.zones.includes(registeredFrom);
  return isHere && session.roles.some((role) => registeredBy.includes(role));
}

export type ChangeProblem = DeviceProblem | 'not-permitted';

export async function registerDevice(
  needs: SignInNeeds,
  at: At,
  kind: KnownDeviceKind,
  typed: string,
): Promise<ChangeProblem | null> {
  const { req, res, session, context } = at;
  if (!mayChange(needs, at, kind)) return 'not-permitted';
  const name = readDeviceName(typed);
  if (name === null) return 'name';
  const before = await cookieDevice(needs, req, context);
  // A desk is taken back where it is removed, by whoever may; another person's own browser has changed hands.
  if (before !== null && (before.kind === 'shared' || isOwnDevice(before, session))) return 'known-already';
  const { issuer, sub } = session.subject;
  const now = needs.clock.now();
  const [cookie, id] = [needs.randomness.id(), needs.randomness.id().slice(0, 16)];
  const owner = kind === 'own' ? { issuer, sub } : null;
  const device = { id, kind, name, application: context.application, owner, registeredAt: now, seenAt: now };
  await needs.devices.latest();
  const problem = needs.devices.problem(device);
  if (problem !== null) return problem;
  const known = { id, kind, name };
  const detail = `${kind} device "${name}"`;
  await record(needs, context, 'device-registered', {
    ...recordedSession({ ...session, device: known }),
    decision: 'allowed',
    detail,
  });
  if (!(await needs.devices.register(sessionKey(cookie), device))) return 'name-taken';
  if (before !== null) await forgetDevice(needs, context, session, before);
  giveDevice(res, cookie, context.settings.secure);
  await needs.sessions.update(session.key, { device: known });
  return null;
}

export async function removeDevice(needs: SignInNeeds, at: At, id: string): Promise<ChangeProblem | null> {
  const { req, res, session, context } = at;
  await needs.devices.latest();
  const device = needs.devices.at(context.application).find((one) => one.id === id);
  if (device === undefined) return 'gone';
  if (device.kind === 'shared' ? !mayChange(needs, at, 'shared') : !isOwnDevice(device, session)) return 'not-permitted';
  const isThis = (await cookieDevice(needs, req, context))?.id === id;
  if (!(await forgetDevice(needs, context, session, device))) return 'gone';
  if (isThis) res.append('Set-Cookie', setCookie('device', '', context.settings.secure, 0));
  return null;
}

export function isOwnDevice({ owner }: Device, { subject }: Session): boolean {
  return owner !== null && owner.issuer === subject.issuer && owner.sub === subject.sub;
}
