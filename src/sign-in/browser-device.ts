// The known device that a browser is, by its cookie. The cookie is renewed at each sign-in, so that a desk in daily use is
// never forgotten; what it is worth is decided elsewhere.

import type { Request, Response } from 'express';
import { setCookie } from '../core/session/cookies.ts';
import { deviceFor } from '../core/session/device.ts';
import type { SessionDevice } from '../core/session/device.ts';
import type { Device } from '../device-ports.ts';
import type { Subject } from '../ports.ts';
import type { OwnContext } from './own-context.ts';
import { cookieId } from './read-browser.ts';
import { sessionKey } from './session-key.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

/** The longest that browsers keep a cookie (RFC 6265bis section 5.6.2). */
const cookieSeconds = 400 * 86_400;

type Needs = Pick<SignInNeeds, 'devices'>;

/** Whatever device the cookie names, whoever asks; null where none is known here. */
export async function cookieDevice(needs: Needs, req: Request, { application, settings }: OwnContext): Promise<Device | null> {
  const id = cookieId(req, 'device', settings.secure);
  if (id === null) return null;
  await needs.devices.latest();
  const device = needs.devices.find(sessionKey(id));
  return device?.application === application ? device : null;
}

/** The device as this person may use it: somebody else's own one is unknown to them. */
export async function browserDevice(
  needs: Needs,
  req: Request,
  context: OwnContext,
  person: Pick<Subject, 'issuer' | 'sub'>,
): Promise<SessionDevice | null> {
  return deviceFor(await cookieDevice(needs, req, context), person);
}

/** Renews the cookie of a known device that somebody has just signed in on. */
export async function keepDevice(
  needs: Pick<SignInNeeds, 'devices' | 'clock'>,
  req: Request,
  res: Response,
  { settings: { secure } }: OwnContext,
  device: SessionDevice | null,
): Promise<void> {
  const id = cookieId(req, 'device', secure);
  if (device === null || id === null) return;
  giveDevice(res, id, secure);
  await needs.devices.seen(device.id, needs.clock.now());
}

export function giveDevice(res: Response, id: string, secure: boolean): void {
  res.append('Set-Cookie', setCookie('device', id, secure, cookieSeconds));
}
