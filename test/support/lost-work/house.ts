// The places in which notes may get lost: a gateway that can be stopped and started, an EHR that can forget its sessions, and
// a clock of the story's own. Two kinds: the demo's EHR and the stand-in for OpenEMR, both signed on to with passwords.

import type { Gateway } from '../../../src/main.ts';
import { sessionKey } from '../../../src/sign-in/session-key.ts';
import { clinic, openGateway } from '../clinic.ts';
import { codeAt, restart, roleLines } from '../clinic-story.ts';
import type { OpenEmrClinicOptions } from '../openemr-clinic.ts';
import { MAIN, openEmrClinic, passwordOf } from '../openemr-clinic.ts';
import { ShiftingClock } from '../shifting-clock.ts';
import type { ModelBrowser } from './model-browser.ts';

export interface House {
  readonly origin: string;
  readonly clock: ShiftingClock;
  /** Opens the form of this patient, and where it sends the note. */
  formPath(pid: number): string;
  notePath(pid: number): string;
  /** What the form holds beside the note. */
  readonly fields: Readonly<Record<string, string>>;
  /** Where the EHR is opened anew. */
  readonly front: string;
  /** What somebody may look at in another tab. OpenEMR's front page begins a new session there, as it does without a gateway. */
  readonly aside: string;
  readonly poller: { readonly method: string; readonly path: string };
  /** The texts of the notes in the chart, and who wrote each. */
  notes(pid: number): readonly { readonly by: string; readonly text: string }[];
  code(name: string): string;
  /** Who writes notes here, and who else comes to the same browser. */
  readonly people: readonly [string, string];
  displayName(name: string): string;
  forgetEhrSessions(): void;
  endSession(browser: ModelBrowser, why: 'revoked' | 'provider-logout'): Promise<void>;
  restart(): Promise<void>;
  close(): Promise<void>;
}

const rules = `${roleLines}
rules:
  - { name: reminders, paths: [/poll/reminders], allow: everyone, passive: true }
  - { name: notes, paths: [/chart/notes], methods: [GET, POST], patient: [query.pid], allow: [nurse, physician] }
  - { name: rest, paths: [/main, /top, /nav, /welcome, /static/**], allow: everyone }
`;

/** In front of the demo's EHR, whose sessions the gateway opens by its login form. */
export async function demoHouse(more: readonly string[] = []): Promise<House> {
  const place = await clinic({
    rules,
    ehr: { signOn: 'form' },
    applicationLines: ['preset: legacy-demo', 'signOn: own-password', ...more],
  });
  const clock = new ShiftingClock();
  let gateway: Gateway = await openGateway(place, undefined, clock);
  for (const name of ['nurse', 'physician']) {
    const credential = { username: name, password: passwordOf(name), more: {} };
    await gateway.composed.state.vault.put({ issuer: place.provider.issuer, sub: name, name }, 'ehr', credential);
  }
  const demo = { ...place, gateway };
  return {
    origin: place.origin,
    clock,
    formPath: (pid) => `/chart/notes?pid=${pid}`,
    notePath: (pid) => `/chart/notes?pid=${pid}`,
    fields: {},
    front: '/main',
    aside: '/welcome',
    poller: { method: 'GET', path: '/poll/reminders' },
    notes: (pid) => place.ehr.notes(pid),
    code: (name) => codeAt(demo, name, clock),
    people: ['nurse', 'physician'],
    displayName: (name) => place.personas.find((one) => one.name === name)?.displayName ?? name,
    forgetEhrSessions: () => place.ehr.forgetSessions(),
    endSession: (browser, why) => endSession(gateway, browser, why),
    restart: async () => {
      gateway = await restart(demo, gateway, clock);
    },
    close: async () => {
      await gateway.close();
      await place.close();
    },
  };
}

/** In front of the stand-in for OpenEMR, whose forms name no patient: its session carries who was opened last. */
export async function openEmrHouse(options: OpenEmrClinicOptions = {}): Promise<House> {
  const house = await openEmrClinic({ idle: '15m', ...options });
  for (const name of ['nurse', 'physician']) house.importPassword(name, passwordOf(name));
  const notes = '/openemr/interface/patient_file/summary/pnotes_full.php';
  return {
    origin: house.place.origin,
    clock: house.clock,
    formPath: (pid) => `${notes}?set_pid=${pid}`,
    notePath: () => notes,
    fields: {},
    front: `/openemr${MAIN}`,
    aside: '/openemr/interface/main/calendar/index.php',
    poller: { method: 'POST', path: '/openemr/library/ajax/dated_reminders_counter.php' },
    notes: (pid) => house.emr.notes(pid),
    code: (name) => codeAt({ ...house.place, gateway: house.gateway() }, name, house.clock),
    people: ['nurse', 'physician'],
    displayName: (name) => name,
    forgetEhrSessions: () => house.emr.restart(),
    endSession: (browser, why) => endSession(house.gateway(), browser, why),
    restart: () => house.restartGateway(),
    close: () => house.close(),
  };
}

async function endSession(gateway: Gateway, browser: ModelBrowser, why: 'revoked' | 'provider-logout'): Promise<void> {
  const id = browser.jar.get(new URL(browser.origin).host)?.get('wardgate');
  if (id !== undefined) await gateway.composed.state.sessions.end(sessionKey(id), why);
}
