// A machine cannot be asked where its download goes: IT has said so beforehand in rules.yaml, or it gets none.

import { refuse } from '../core/answer.ts';
import type { End } from '../core/answer.ts';
import { isMachine } from '../core/session/machine-session.ts';
import type { DisclosureAnswer } from '../disclosure-ports.ts';
import type { DisclosureAsked, Identified, Matched, SignedIn } from '../facts.ts';

type Given = Identified & SignedIn & Matched;

/** `isDownload`: the rules call it one; else only the reply shows it. */
export function machineAnswer({ session, rule, policy }: Given, isDownload: boolean): DisclosureAsked | End {
  if (rule.disclosureRoles === undefined || !isMachine(session)) return { disclosure: { known: 'not-asked' } };
  const said = policy.disclosures?.machines.get(session.machine);
  if (said !== undefined) {
    const answer: DisclosureAnswer = said === 'inside' ? { leaves: false } : { leaves: true, disclosure: said, patients: [] };
    return { disclosure: { known: 'answered', taken: { kind: 'answer', answer, went: nothing, giveBack: nothing } } };
  }
  const unstated = refuseUnstated(rule.name, session.machine);
  return isDownload ? unstated : { disclosure: { known: 'not-yet', settle: () => unstated } };
}

function refuseUnstated(rule: string, machine: string): End {
  const detail = `Rule "${rule}" asks where downloads go, and nothing says it of machine "${machine}" under accounting`;
  return refuse('disclosure-not-stated', { rule, detail });
}

function nothing(): void {
  // What IT has said holds for every download.
}
