// Takes a held post for sending, the last thing before it goes: once and for good, whatever happens next. Two clicks, two tabs
// and a crash all find it taken.

import { refuse } from '../core/answer.ts';
import { goesToItsPatient } from '../core/held/carried-patient.ts';
import { heldPath } from '../core/held/held-path.ts';
import type { Arrived, Identified, Matched, Opened, Recorded, SignedIn, SubjectMatter, Targeted } from '../facts.ts';
import type { HeldPosts } from '../held-ports.ts';
import type { AuditLog } from '../ports.ts';
import type { Stage } from '../pipeline.ts';
import { describeRequest } from './describe-request.ts';
import type { DescribeNeeds } from './describe-request.ts';
import { gone } from './open-held.ts';

export type TakeHeldNeeds = DescribeNeeds & { readonly held: HeldPosts; readonly audit: AuditLog };

type Given = Arrived & Identified & Targeted & SignedIn & Opened & Matched & SubjectMatter & Recorded;

export function takeHeld(needs: TakeHeldNeeds): Stage<Given, object> {
  return (facts) => (facts.held === null ? undefined : take(facts, facts.held));

  async function take(facts: Given, { id, carried, direct }: NonNullable<Opened['held']>) {
    const { rule } = facts;
    // Whoever confirmed for it a moment ago is not late.
    if (rule.hold === false && !direct) {
      const detail = `Rule "${rule.name}" does not let a kept form be sent; copy its text and enter it anew`;
      return refuse('held-post-by-rule', { rule: rule.name, detail, remedy: heldPath });
    }
    if (!goesToItsPatient(carried, facts)) return refuse('held-post-other-patient', { rule: rule.name, remedy: heldPath });
    if (!(await needs.held.take(id))) return gone();
    const receipt = await needs.audit.append(describeRequest(needs, 'post-sent', facts, { detail: id }));
    await receipt.durable;
    return undefined;
  }
}
