// GET and POST /.wardgate/device: makes this browser a known device, removes one, and sets a person's PIN for it. Only by whoever
// has confirmed in the last minutes; a shared one only by a role and from a zone that the configuration names.

import type { Request, Response } from 'express';
import type { Device } from '../device-ports.ts';
import { devicePage } from '../pages/device-page.ts';
import type { DeviceProblem } from '../pages/device-page.ts';
import { inLanguage } from '../pages/in-language.ts';
import { wordsIn } from '../pages/words-in.ts';
import type { Session } from '../ports.ts';
import { browserDevice, cookieDevice } from './browser-device.ts';
import { isOwnDevice, mayChange, registerDevice, removeDevice } from './device-changes.ts';
import type { ChangeProblem } from './device-changes.ts';
import { removePin, setPin } from './device-pin.ts';
import { fieldOf } from './factor-route.ts';
import { isFresh } from './fresh-factor.ts';
import type { OwnContext } from './own-context.ts';
import { pageClinic } from './page-clinic.ts';
import { pinPlace } from './pin-place.ts';
import { rememberPlace } from './remember-factor.ts';
import { record, recordedSession } from './record.ts';
import { sendOn, sendPage, sendRefusal } from './send.ts';
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
    const { device: words, ways } = wordsIn(pageClinic(needs, res).language);
    if (fieldOf(req, 'forget') === 'remembered') {
      await forgetHere(needs, at);
      sendOn(res, path);
      return;
    }
    if (!isFresh(needs, session)) {
      const detail = 'Whoever changes what is known of a device must have confirmed in the last five minutes';
      await refused(needs, at, detail);
      sendRefusal(needs, res, 'second-factor-required', {
        says: words.notFresh,
        remedy: { href: stepUp, label: ways.confirm },
      });
      return;
    }
    const problem = await change(needs, at);
    if (problem === null) sendOn(res, path);
    else if (problem === 'not-permitted') {
      await record(needs, context, 'refusal', {
        ...recordedSession(session),
        decision: 'refused',
        reason: 'device-not-permitted',
      });
      sendRefusal(needs, res, 'device-not-permitted', {
        says: words.notPermitted,
        remedy: { href: path, label: words.back },
      });
    } else await show(needs, at, problem);
  });
}

async function refused(needs: SignInNeeds, { session, context }: At, detail: string): Promise<void> {
  const why = { decision: 'refused', reason: 'second-factor-required', detail } as const;
  await record(needs, context, 'second-factor-failed', { ...recordedSession(session), ...why });
}

/** What the form asks for, done. */
function change(needs: SignInNeeds, at: At): Promise<ChangeProblem | null> {
  const { req } = at;
  const [remove, kind, pin] = [fieldOf(req, 'remove'), fieldOf(req, 'kind'), fieldOf(req, 'pin')];
  if (remove !== undefined) return removeDevice(needs, at, remove);
  if (kind === 'shared' || kind === 'own') return registerDevice(needs, at, kind, fieldOf(req, 'name') ?? '');
  if (pin !== undefined) return setPin(needs, at, pin, fieldOf(req, 'again') ?? '');
  if (fieldOf(req, 'forget') === 'pin') return removePin(needs, at);
  return Promise.resolve('not-understood');
}

/** To be asked again is nobody's privilege, so it needs no confirmation. */
async function forgetHere(needs: SignInNeeds, { req, session, context }: At): Promise<void> {
  const device = await browserDevice(needs, req, context, session.subject);
  if (device === null) return;
  const detail = `at "${device.name}"`;
  await record(needs, context, 'device-forgotten', { ...recordedSession(session), decision: 'allowed', detail });
  const { issuer, sub } = session.subject;
  await needs.remembered.forget({ device: device.id, issuer, sub });
}

/** Until when this person is not asked here, as they read it; null where they are. */
async function rememberedUntil(needs: SignInNeeds, { req, res, session, context }: At): Promise<string | null> {
  const place = await rememberPlace(needs, req, context, session.subject);
  const found = place === null ? null : await needs.remembered.at(place.where);
  if (found === null || found.until <= needs.clock.now()) return null;
  return inLanguage(pageClinic(needs, res).language, needs.settings.clinic.timezone).time(found.until);
}

async function show(needs: SignInNeeds, at: At, problem: DeviceProblem | null): Promise<void> {
  const { req, res, session, context } = at;
  const clinic = pageClinic(needs, res);
  const { date } = inLanguage(clinic.language, needs.settings.clinic.timezone);
  const shown = ({ id, kind, name, registeredAt }: Device) => ({ id, kind, name, since: date(registeredAt) });
  const here = await cookieDevice(needs, req, context);
  const isMine = here !== null && (here.kind === 'shared' || isOwnDevice(here, session));
  const mayShare = mayChange(needs, at, 'shared');
  await needs.devices.latest();
  const known = needs.devices.at(context.application);
  const place = await pinPlace(needs, req, session, context);
  const page = devicePage({
    clinic,
    problem,
    here: isMine ? shown(here) : null,
    offers: isMine
      ? []
      : [...(mayChange(needs, at, 'own') ? (['own'] as const) : []), ...(mayShare ? (['shared'] as const) : [])],
    removable: known.filter((one) => (one.kind === 'shared' ? mayShare : isOwnDevice(one, session))).map(shown),
    pin: place === null ? null : (await needs.pins.has(place.where, place.since)) ? 'set' : 'none',
    remembered: await rememberedUntil(needs, at),
    stepUp: isFresh(needs, session) ? null : stepUp,
  });
  sendPage(res, page, problem === null ? 200 : 403);
}
