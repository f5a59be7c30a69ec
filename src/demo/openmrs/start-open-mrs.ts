// Starts a stand-in for OpenMRS 3 on loopback, with its REST and FHIR interfaces, its static pages and what is left of the
// old ones, as far as a gateway in front of the real one meets them. It holds made-up patients and protects nothing.

import { startLoopbackServer } from '../loopback-server.ts';
import type { SeenRequest } from '../loopback-server.ts';
import { Accounts, usersDefault } from './accounts.ts';
import type { LoginAttempt, OpenMrsUser } from './accounts.ts';
import { FhirPages } from './fhir-pages.ts';
import { answerOpenMrs } from './request-handler.ts';
import { HttpSessions } from './sessions.ts';

export interface OpenMrsOptions {
  /** `admin`/`Admin123`, and the clinic's people with `meadow-NAME`, by default. */
  readonly users?: readonly OpenMrsUser[];
  /** Tomcat's idle time; 1800 by default. */
  readonly timeoutSeconds?: number;
  /** How often an open page asks by itself; 60 by default. */
  readonly pollSeconds?: number;
  /** Failures of the old form until an address is locked for five minutes; 100 by default. */
  readonly mostFormFailures?: number;
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

/** A session somebody is logged in to. `location` is the UUID of the place of work, null where none was chosen. */
export interface OpenMrsSession {
  readonly id: string;
  readonly user: string;
  readonly location: string | null;
}

export interface OpenMrs {
  /** `http://127.0.0.1:PORT`; everything is below `/openmrs`. */
  readonly origin: string;
  /** What arrived, oldest first. */
  requests(): readonly SeenRequest[];
  /** What arrived after the first `count` requests. */
  seenSince(count: number): readonly SeenRequest[];
  sessions(): readonly OpenMrsSession[];
  /** Every try to log in. */
  logins(): readonly LoginAttempt[];
  /** Every session is over at once, as after the idle time or a restart: its id is known to nobody. */
  expireSessions(): void;
  restart(): void;
  /** Cuts every connection. */
  close(): Promise<void>;
}

const TIMEOUT_SECONDS = 1800;
const POLL_SECONDS = 60;
const MOST_FORM_FAILURES = 100;

export async function startOpenMrs(options: OpenMrsOptions = {}): Promise<OpenMrs> {
  const now = options.now ?? Date.now;
  const sessions = new HttpSessions(options.timeoutSeconds ?? TIMEOUT_SECONDS, now);
  const accounts = new Accounts(options.users ?? usersDefault, options.mostFormFailures ?? MOST_FORM_FAILURES, now);
  const state = { sessions, accounts, pages: new FhirPages(), pollSeconds: options.pollSeconds ?? POLL_SECONDS };
  const server = await startLoopbackServer((call) => answerOpenMrs(call, state));
  return {
    ...server,
    sessions: () =>
      sessions.all().flatMap(({ id, user, location }) => (user === null ? [] : [{ id, user: user.name, location }])),
    logins: () => accounts.attempts(),
    expireSessions: () => sessions.endAll(),
    restart: () => sessions.endAll(),
  };
}
