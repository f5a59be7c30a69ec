// Recognises named machines by their certificate or their token, before anything is asked of a session. Who tries to pass
// for one and fails ends here: nothing of it reaches the EHR. Whoever tries nothing of the kind is a person, whose session
// is looked for next.

import { refuse } from '../core/answer.ts';
import type { End } from '../core/answer.ts';
import { readMachineToken } from '../core/machines/read-machine-token.ts';
import { recogniseMachine } from '../core/machines/recognise-machine.ts';
import type { MachineQuestion, MachineRefusal } from '../core/machines/recognise-machine.ts';
import type { Policy } from '../core/policy/policy.ts';
import { machineSession } from '../core/session/machine-session.ts';
import type { Arrived, Identified, Presented, Recognised } from '../facts.ts';
import type { MachineAttempts, MachineRegister } from '../machine-ports.ts';
import type { Stage } from '../pipeline.ts';

export interface IdentifyMachineNeeds {
  readonly machines: MachineRegister;
  readonly machineAttempts: MachineAttempts;
  /** SHA-256 of a token, lower-case hex. */
  readonly tokenHash: (token: string) => string;
}

type Given = Arrived & Identified & Presented;
type Adds = Recognised & Partial<Pick<Identified, 'shape' | 'policy' | 'index'>>;

const nobody: Recognised = { machine: null };

export function identifyMachine(needs: IdentifyMachineNeeds): Stage<Given, Adds> {
  return (facts) => {
    const { address, shape } = facts;
    const verdict = recogniseMachine(needs.machines.machines(), question(needs, facts), (name) =>
      needs.machines.isFrom(name, address),
    );
    if ('reason' in verdict) return refused(needs, facts, verdict);
    const { machine, proof } = verdict;
    if (machine === null) return nobody;
    const session = machineSession(machine, proof);
    // Whatever it says that it accepts, a machine is never sent to a page; and mode `observe`, which spares people who have
    // always worked so, lets no machine pass that no rule names.
    return { machine: session, shape: shape === 'upgrade' ? shape : 'script', ...enforced(facts) };
  };
}

type Rules = Pick<Identified, 'policy' | 'index'>;

/** One for each policy: whoever judges again compares the two. */
const enforcing = new WeakMap<Policy, Rules>();

/** The index is that of the same rules, and says so: matching refuses another one. */
function enforced({ policy, index }: Rules): Rules {
  if (policy.mode === 'enforce') return { policy, index };
  const before = enforcing.get(policy);
  if (before !== undefined) return before;
  const next: Policy = { ...policy, mode: 'enforce' };
  const rules = { policy: next, index: { ...index, policy: next } };
  enforcing.set(policy, rules);
  return rules;
}

function question(needs: IdentifyMachineNeeds, facts: Given): MachineQuestion {
  const { exchange, headers, sessionKey, arrivedAt } = facts;
  const { door } = exchange;
  const token = readMachineToken(headers.get('authorization'));
  return {
    door: door.by,
    certificate: door.by === 'machines' ? door.certificate : null,
    token: token === null ? null : { name: token.name, hash: needs.tokenHash(token.token) },
    hasSession: sessionKey !== null,
    now: arrivedAt,
  };
}

function refused(needs: IdentifyMachineNeeds, { address }: Given, verdict: MachineRefusal): End {
  const { reason, detail, recorded } = verdict;
  const wait = needs.machineAttempts.failed(address);
  const words = { detail, ...(recorded === undefined ? {} : { recorded }) };
  // Right credentials are let in all the same: nobody guesses 256 bits, and a neighbour must not lock a machine out.
  return wait === 0 ? refuse(reason, words) : refuse('too-many-attempts', { ...words, retryAfterSeconds: wait });
}
