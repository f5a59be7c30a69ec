// `wardgate check --door`: whether the EHR can be reached from this machine, past the gateway. Meant for a workstation, where it
// must be closed; needs no configuration.

import { readOrigin } from '../../config/network.ts';
import { UsageProblem } from '../usage-problem.ts';
import { ask, isUnanswered } from './ask.ts';
import { portOf, reaches } from './reaches.ts';

export interface TriedDoor {
  readonly door: string;
  readonly verdict: 'closed' | 'open' | 'unknown';
  readonly says: string;
  /** What the verdict does not mean. */
  readonly note: string;
}

const connectSeconds = 5;

const onlyHere =
  'Said of this machine and this moment: try it while the EHR runs (wardgate check --live on the gateway says so), and from other networks of the clinic too';
const shut: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection is refused',
  ETIMEDOUT: 'nothing comes back, as when a firewall drops it',
  EHOSTUNREACH: 'no way leads there',
  ENETUNREACH: 'no way leads there',
  EACCES: 'a firewall of this machine forbids it',
  EPERM: 'a firewall of this machine forbids it',
  ECONNRESET: 'the connection is broken off',
};

/** `text` is an address such as `http://10.20.0.5:8081`. Throws a UsageProblem where it is none. */
export async function tryDoor(text: string): Promise<TriedDoor> {
  const origin = readOrigin(text);
  if ('problem' in origin) throw new UsageProblem(`Door "${text}" ${forDoor(origin.problem)}`);
  const door = origin.value.origin;
  const reached = await reaches(origin.value.hostname, portOf(door), connectSeconds);
  if (!reached.reached) {
    const because = shut[reached.code];
    if (because !== undefined) return { door, verdict: 'closed', says: `Closed: ${because}`, note: onlyHere };
    const says = `It cannot be told: the connection failed (${reached.code})`;
    return { door, verdict: 'unknown', says, note: 'Look for a slip in the name, or write the address of the EHR as a number' };
  }
  const answer = await ask({ url: `${door}/`, ca: null, believes: false, signal: AbortSignal.timeout(connectSeconds * 1000) });
  const what = isUnanswered(answer) ? 'something listens there' : `it answers with status ${answer.status}`;
  const says = `Open: ${what}, so whoever sits here can go past the gateway`;
  return { door, verdict: 'open', says, note: "On the gateway's own machine that must be so; on a workstation it must not" };
}

/** What is told of an address people type, in terms of an EHR's own, which most often speaks plain http. */
function forDoor(problem: string): string {
  return problem.replace('https://ehr.clinic.example', 'http://10.20.0.5:8081').replace('write https://', 'write http://');
}
