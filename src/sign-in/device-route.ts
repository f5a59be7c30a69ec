// GET and POST /.wardgate/device: makes this browser a known device, and removes one. Only by whoever has confirmed in the last
// minutes; a shared one only by a role and from a zone that the configuration names.

import type { Request, Response } from 'express';
import { setCookie } from '../core/session/cookies.ts';
import { readDeviceName } from '../core/session/device.ts';
import type { KnownDeviceKind } from '../core/session/device.ts';
import type { Device } from '../device-ports.ts';
import { devicePage } from '../pages/device-page.ts';
import type { DeviceProblem } from '../pages/device-page.ts';
import type { Session } from '../ports.ts';
import { cookieDevice, giveDevice } from './browser-device.ts';
import { fieldOf } from './factor-route.ts';
import { isFresh } from './fresh-factor.ts';
import type { OwnContext } from './own-context.ts';
import { record, recordedSession } from './record.ts';
import { forgetDevice } from './forget-device.ts';
import { sendOn, sendPage, sendRefusal } from './send.ts';
import { sessionKey } from './session-key.ts';
import { sessionPage } from './session-page.ts';
import type { SignInNeeds } from './sign-in-needs.ts';

const path = '/.wardgate/device';
const stepUp = `/.wardgate/step-up?return=${encodeURIComponent(path)}`;

interface At {
  readonly req: Request;
  readonly res: Response;
  readonly session: Session;
  readonly context: OwnContext;
}

export function showDevice(needs: SignInNeeds) {
  return sessionPage(needs, (at) => show(needs, at, null));
}

export function postDevice(needs: SignInNeeds) {
  return sessionPage(needs, async (at) => {
    const { req, res, session, context } = at;
    if (!isFresh(needs, session)) {
      const detail = 'Whoever changes what is known of a device must have confirmed in the last five minutes';
      await refused(needs, at, detail);
      sendRefusal(needs, res, 'second-factor-required', { detail, remedy: { href: stepUp, label: 'Confirm' } });
      return;
    }
    const {
      remove,
      kind,
      name = '',
    } = { remove: fieldOf(req, 'remove'), kind: fieldOf(req, 'kind'), name: fieldOf(req, 'name') };
    const problem =
      remove !== undefined
        ? await removeOne(needs, at, remove)
        : kind === 'shared' || kind === 'own'
          ? await register(needs, at, kind, name)
          : 'not-understood';
    if (problem === null) sendOn(res, path);
    else if (problem === 'not-permitted') {
      const detail = 'A shared device is registered and removed by the roles, and from the zone, that the configuration names';
      await record(needs, context, 'refusal', {
        ...recordedSession(session),
        decision: 'refused',
        reason: 'device-not-permitted',
      });
      sendRefusal(needs, res, 'device-not-permitted', { detail, remedy: { href: path, label: 'Back' } });
    } else show(needs, at, problem);
  });
}

async function refused(needs: SignInNeeds, { session, context }: At, detail: string): Promise<void> {
  const why = { decision: 'refused', reason: 'second-factor-required', detail } as const;
  await record(needs, context, 'second-factor-failed', { ...recordedSession(session), ...why });
}

/** Whether this person may, here and now, make a browser such a device and remove one. */
function may(needs: SignInNeeds, { session, context }: At, kind: KnownDeviceKind): boolean {
  const { registeredBy, registeredFrom, own } = needs.settings.devices;
  if (kind === 'own') return own;
  const isHere = registeredFrom === null || context.zones.includes(registeredFrom);
  return isHere && session.roles.some((role) => registeredBy.includes(role));
}

type Problem = DeviceProblem | 'not-permitted' | null;

async function register(needs: SignInNeeds, at: At, kind: KnownDeviceKind, typed: string): Promise<Problem> {
  const { req, res, session, context } = at;
  if (!may(needs, at, kind)) return 'not-permitted';
  const name = readDeviceName(typed);
  if (name === null) return 'name';
  const before = cookieDevice(needs, req, context);
  // A desk is taken back where it is removed, by whoever may; another person's own browser has changed hands.
  if (before !== null && (before.kind === 'shared' || isOwn(before, session))) return 'known-already';
  const { issuer, sub } = session.subject;
  const now = needs.clock.now();
  const [cookie, id] = [needs.randomness.id(), needs.randomness.id().slice(0, 16)];
  const owner = kind === 'own' ? { issuer, sub } : null;
  const device = { id, kind, name, application: context.application, owner, registeredAt: now, seenAt: now };
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

async function removeOne(needs: SignInNeeds, at: At, id: string): Promise<Problem> {
  const { req, res, session, context } = at;
  const device = needs.devices.at(context.application).find((one) => one.id === id);
  if (device === undefined) return 'gone';
  if (device.kind === 'shared' ? !may(needs, at, 'shared') : !isOwn(device, session)) return 'not-permitted';
  const isThis = cookieDevice(needs, req, context)?.id === id;
  if (!(await forgetDevice(needs, context, session, device))) return 'gone';
  if (isThis) res.append('Set-Cookie', setCookie('device', '', context.settings.secure, 0));
  return null;
}

function isOwn({ owner }: Device, { subject }: Session): boolean {
  return owner !== null && owner.issuer === subject.issuer && owner.sub === subject.sub;
}

function show(needs: SignInNeeds, at: At, problem: DeviceProblem | null): void {
  const { req, res, session, context } = at;
  const { clinic } = needs.settings;
  const day = new Intl.DateTimeFormat('en-GB', { timeZone: clinic.timezone, day: 'numeric', month: 'short', year: 'numeric' });
  const shown = ({ id, kind, name, registeredAt }: Device) => ({ id, kind, name, since: day.format(registeredAt) });
  const here = cookieDevice(needs, req, context);
  const isMine = here !== null && (here.kind === 'shared' || isOwn(here, session));
  const mayShare = may(needs, at, 'shared');
  const known = needs.devices.at(context.application);
  const page = devicePage({
    clinic,
    problem,
    here: isMine ? shown(here) : null,
    offers: isMine ? [] : [...(may(needs, at, 'own') ? (['own'] as const) : []), ...(mayShare ? (['shared'] as const) : [])],
    removable: known.filter((one) => (one.kind === 'shared' ? mayShare : isOwn(one, session))).map(shown),
    stepUp: isFresh(needs, session) ? null : stepUp,
  });
  sendPage(res, page, problem === null ? 200 : 403);
}
