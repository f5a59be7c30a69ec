// How records name the session and the proof of whoever is asking. A machine has no session, and a record never shows one.

import { isMachine } from './machine-session.ts';
import type { Caller } from './machine-session.ts';

/** Null for a machine. */
export function sessionOf(caller: Caller): string | null {
  return isMachine(caller) ? null : caller.reference;
}

/** The known device the session was signed in on, by its name. */
export function deviceOf(caller: Caller): string | null {
  return isMachine(caller) ? null : (caller.device?.name ?? null);
}

/** What proved who it is: a person's second factor, or a machine's certificate or token. */
export function factorOf(caller: Caller): string {
  return isMachine(caller) ? caller.by : caller.factor.method;
}
