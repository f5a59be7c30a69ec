// Turns what was gathered about a request into one audit entry. The only place that does, so that attempts, refusals and
// outcomes always name the same things. Nothing of a body, cookie or token passes through here.

import { auditEntry } from '../core/audit/entry.ts';
import type { AuditEntry, AuditEvent } from '../core/audit/entry.ts';
import type { TokenOf } from '../core/patients/hide-ids.ts';
import { namedIds } from '../core/patients/named-ids.ts';
import type { IdFacts } from '../core/patients/named-ids.ts';
import { redactTarget } from '../core/policy/redact.ts';
import { requestLine } from '../core/target/canonical-target.ts';
import { deviceOf, factorOf, sessionOf } from '../core/session/caller-words.ts';
import { isMachine } from '../core/session/machine-session.ts';
import type { CanonicalTarget } from '../core/target/canonical-target.ts';
import type { Gathered, Recorded } from '../facts.ts';

export interface DescribeNeeds {
  /** Keyed hash of a whole target, hex: proves which it was without showing it. */
  readonly hashTarget: (target: string) => string;
  /** What stands in a record in the place of an id; the id is kept behind it, without anybody waiting. */
  readonly recordedToken: TokenOf;
}

/** Characters of a refused target, which a script may make up as long as it likes. */
const mostRefused = 512;

/** `named`: the target as it was recorded; as one that was refused where it was not yet. */
export function describeRequest(
  needs: DescribeNeeds,
  event: AuditEvent,
  facts: Gathered,
  more: Partial<AuditEntry>,
  named = facts.recordedTarget ?? refusedTarget(needs, facts),
): AuditEntry {
  const { rule } = facts;
  const caller = facts.session ?? facts.machine ?? null;
  return auditEntry(event, facts.arrivedAt ?? 0, {
    request: facts.id ?? null,
    subject: caller?.subject ?? null,
    roles: caller === null || isMachine(caller) ? null : caller.roles,
    session: caller && sessionOf(caller),
    factor: caller && factorOf(caller),
    device: caller && deviceOf(caller),
    address: facts.address ?? facts.exchange.peerAddress,
    agent: facts.agent ?? null,
    application: facts.application?.name ?? null,
    method: facts.exchange.method,
    target: named?.text ?? null,
    targetHash: named?.hash ?? null,
    patient: facts.patientToken ?? null,
    patientSource: facts.patientSource ?? null,
    category: facts.category ?? null,
    action: facts.action ?? null,
    rule: rule?.name ?? null,
    policy: facts.policy?.version.slice(0, 16) ?? null,
    grant: facts.grant?.id ?? null,
    ...more,
  });
}

function refusedTarget(needs: DescribeNeeds, facts: Gathered): Recorded['recordedTarget'] | undefined {
  return facts.target && describeTarget(needs, facts.target, facts, mostRefused);
}

/** The target as a record may show it, at most `most` characters, and its hash. */
export function describeTarget(
  needs: DescribeNeeds,
  target: CanonicalTarget,
  facts: IdFacts,
  most?: number,
): Recorded['recordedTarget'] {
  return { text: redactTarget(target, namedIds(facts), needs.recordedToken, most), hash: needs.hashTarget(requestLine(target)) };
}
