// GET and POST /.wardgate/switch: the next person at a desk. Shows who signed in lately on this shared device, by display names
// alone; choosing one takes the session of whoever is signed in out of this browser and asks the provider for the next one
// anew, so that it does not bring back the first.

import { hash } from 'node:crypto';
import type { Request, Response } from 'express';
import { setCookie } from '../core/session/cookies.ts';
import { Fault } from '../core/faults.ts';
import type { DeskPerson } from '../desk-ports.ts';
import type { Device } from '../device-ports.ts';
import { leavingPage, switchPage } from '../pages/switch-page.ts';
import type { Session } from '../ports.ts';
import { beginSignIn } from './begin-sign-in.ts';
import { cookieDevice } from './browser-device.ts';
import { fieldOf } from './factor-route.ts';
import { makeRoom } from './make-room.ts';
import { ownContext } from './own-context.ts';
import type { OwnContext } from './own-context.ts';
import { pageClinic } from './page-clinic.ts';
import { personKey } from './person-key.ts';
import { cookieSession, standingOf } from './read-browser.ts';
import { sendProviderSilent } from './provider-silent.ts';
import { refuseScript } from './refuse-script.ts';
import { sendOn, sendPage } from './send.ts';
import type { SignInNeeds } from './sign-in-needs.ts';
import { switchPath } from './switch-path.ts';

export function showSwitch(needs: SignInNeeds) {
  return async (req: Request, res: Response): Promise<void> => {
    if (refuseScript(needs, req, res, false)) return;
    const context = ownContext(needs, res);
    const present = await presentSession(needs, req, context);
    const desk = await sharedDesk(needs, req, context);
    const listed = await peopleAt(needs, desk);
    const others = listed.filter(({ person }) => present === null || !isOf(person, present.session));
    const isListed = present !== null && listed.length > others.length;
    const page = switchPage({
      clinic: pageClinic(needs, res),
      desk: desk?.name ?? null,
      people: others.map(({ id, person }) => ({ id, name: person.displayName })),
      present: present === null ? null : { name: present.session.subject.displayName, isLocked: present.isLocked },
      mayLeaveList: isListed && !present.isLocked,
    });
    sendPage(res, page);
  };
}

export function postSwitch(needs: SignInNeeds) {
  return async (req: Request, res: Response): Promise<void> => {
    const context = ownContext(needs, res);
    const present = await presentSession(needs, req, context);
    const desk = await sharedDesk(needs, req, context);
    if (fieldOf(req, 'forget') !== undefined) {
      if (present !== null && !present.isLocked && desk !== null) await needs.deskPeople.remove(desk.id, present.session.subject);
      sendOn(res, switchPath);
      return;
    }
    // A sign-in that could not be recorded would fail at its end; better before anybody has made room.
    if (!needs.audit.available) throw new Fault('audit-unavailable');
    const chosen = (await peopleAt(needs, desk)).find(({ id }) => id === fieldOf(req, 'person'));
    const to = await beginSignIn(needs, req, res, {
      returnTo: '/',
      hint: chosen?.person.name ?? null,
      isFresh: true,
      silentFor: null,
      unlocks: null,
      ...(present === null ? {} : { switchedFrom: present.session.reference }),
    });
    // Nobody has made room yet: whoever is signed in goes on.
    if (to === null) {
      sendProviderSilent(needs, res, '/');
      return;
    }
    if (present !== null) await makeRoom(needs, context, present.session);
    sendLeaving(needs, res, context, to);
  };
}

/** What the first person's pages left in the browser goes before the next one sees anything; the device's own cookie stays. */
function sendLeaving(needs: SignInNeeds, res: Response, { settings: { secure } }: OwnContext, to: string): void {
  for (const cookie of ['session', 'interaction'] as const) res.append('Set-Cookie', setCookie(cookie, '', secure, 0));
  res.setHeader('Clear-Site-Data', '"cache", "storage"');
  // By this header and not as the form's answer: browsers hold redirects of a form to `form-action`.
  res.setHeader('Refresh', `2; url=${to}`);
  sendPage(res, leavingPage({ clinic: pageClinic(needs, res), to }));
}

interface Present {
  readonly session: Session;
  readonly isLocked: boolean;
}

/** Whose session this browser holds, in use or locked. */
async function presentSession(needs: SignInNeeds, req: Request, context: OwnContext): Promise<Present | null> {
  const session = await cookieSession(needs, req, context);
  if (session === null) return null;
  const { standing } = standingOf(needs, session, context);
  return standing === 'ended' ? null : { session, isLocked: standing === 'locked' };
}

/** Only a desk that IT registered has a list: anywhere else it would tell strangers who works here. */
async function sharedDesk(needs: SignInNeeds, req: Request, context: OwnContext): Promise<Device | null> {
  const device = await cookieDevice(needs, req, context);
  return device?.kind === 'shared' ? device : null;
}

/** Each under an id that names nobody and is good at this desk alone. */
async function peopleAt(
  needs: SignInNeeds,
  desk: Device | null,
): Promise<readonly { readonly id: string; readonly person: DeskPerson }[]> {
  if (desk === null) return [];
  return (await needs.deskPeople.of(desk.id)).map((person) => ({
    id: hash('sha256', `desk ${desk.id} ${personKey(person)}`, 'base64url').slice(0, 22),
    person,
  }));
}

function isOf(person: DeskPerson, { subject }: Session): boolean {
  return personKey(person) === personKey(subject);
}
