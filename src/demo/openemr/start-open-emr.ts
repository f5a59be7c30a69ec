// Starts a stand-in for OpenEMR on loopback, with the oddities by which a gateway in front of the real one succeeds or
// fails: its login, its session-carried patient, its timers, its downloads. It holds made-up patients and protects nothing.
// CSRF tokens and access control lists are left out: a gateway sees neither.

import { startLoopbackServer } from '../loopback-server.ts';
import type { SeenRequest } from '../loopback-server.ts';
import { Accounts, lockOutDefault, usersDefault } from './accounts.ts';
import type { LockOut, LoginAttempt, OpenEmrUser } from './accounts.ts';
import { OpenEmrRequestHandler } from './request-handler.ts';
import { PhpSessions } from './sessions.ts';
import type { OpenEmrNote, OpenEmrVersion } from './visit.ts';

export interface OpenEmrOptions {
  /** 7 by default. Version 5 has no `token_main`, no lock-out and no JSON from its poller. */
  readonly version?: OpenEmrVersion;
  /** `admin`/`pass`, and the clinic's people with `meadow-NAME`, by default. */
  readonly users?: readonly OpenEmrUser[];
  /** The login page asks for a facility; whoever leaves it out is let in all the same. */
  readonly facilityChooser?: boolean;
  /** The product's own idle time; 7200 by default. */
  readonly timeoutSeconds?: number;
  /** How often an open window asks by itself; 60 by default. */
  readonly pollSeconds?: number;
  /** 20 a user and 100 an address within an hour by default; version 5 has none. */
  readonly lockOut?: LockOut;
  /** Epoch milliseconds. */
  readonly now?: () => number;
  /** Awaited by every script while it holds its session's lock, with the request's target. */
  readonly whileLocked?: (target: string) => Promise<void> | void;
}

/** A session somebody is logged in to. `patient` is the chosen pid, null for nobody. */
export interface OpenEmrSession {
  readonly id: string;
  readonly user: string;
  readonly patient: number | null;
  /** Epoch milliseconds of the last request that counted as activity. */
  readonly lastUpdate: number;
}

export interface OpenEmr {
  /** `http://127.0.0.1:PORT`; the web root is `/openemr`. */
  readonly origin: string;
  /** What arrived, oldest first. */
  requests(): readonly SeenRequest[];
  /** What arrived after the first `count` requests. */
  seenSince(count: number): readonly SeenRequest[];
  sessions(): readonly OpenEmrSession[];
  /** The notes that were saved while this patient was chosen; 0 is nobody. */
  notes(pid: number): readonly OpenEmrNote[];
  /** Every try to log in, with the address the product's own log would name. */
  logins(): readonly LoginAttempt[];
  /** The idle time of every session is over at once; the sessions are still there, as in the product. */
  expireSessions(): void;
  /** Forgets every session, as a restart of the server does. */
  restart(): void;
  /** Cuts every connection. */
  close(): Promise<void>;
}

const TIMEOUT_SECONDS = 7200;
const POLL_SECONDS = 60;
const NO_LOCK_OUT: LockOut = { perUser: 0, perAddress: 0 };

export async function startOpenEmr(options: OpenEmrOptions = {}): Promise<OpenEmr> {
  const version = options.version ?? 7;
  const now = options.now ?? Date.now;
  const sessions = new PhpSessions();
  const lockOut = options.lockOut ?? (version === 5 ? NO_LOCK_OUT : lockOutDefault);
  const accounts = new Accounts(options.users ?? usersDefault, lockOut, now);
  const notes = new Map<number, OpenEmrNote[]>();
  const handler = new OpenEmrRequestHandler(
    {
      notes,
      version,
      sessions,
      accounts,
      facilityChooser: options.facilityChooser ?? false,
      timeoutSeconds: options.timeoutSeconds ?? TIMEOUT_SECONDS,
      pollSeconds: options.pollSeconds ?? POLL_SECONDS,
      now,
    },
    options.whileLocked ?? (() => undefined),
  );
  const server = await startLoopbackServer((call) => handler.answer(call));
  return {
    ...server,
    sessions: () =>
      sessions.all().flatMap(({ id, user, pid, lastUpdate }) => {
        return user === null ? [] : [{ id, user: user.name, patient: pid === 0 ? null : pid, lastUpdate }];
      }),
    notes: (pid) => notes.get(pid) ?? [],
    logins: () => accounts.attempts(),
    expireSessions: () => sessions.expireAll(),
    restart: () => sessions.endAll(),
  };
}
