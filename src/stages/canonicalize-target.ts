// Turns the raw request line into the one CanonicalTarget that rules, audit and the EHR all see. Refuses, never repairs.
// Runs for plain requests and upgrades alike.

import { refuse } from '../core/answer.ts';
import { canonicalize } from '../core/target/canonicalize.ts';
import { stripSessionId } from '../core/target/strip-session-id.ts';
import type { Method } from '../core/policy/policy.ts';
import type { Arrived, Identified, Targeted } from '../facts.ts';
import type { Stage } from '../pipeline.ts';

const methods: ReadonlySet<string> = new Set<Method>(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

export function canonicalizeTarget(needs: { readonly targetBytes: number }): Stage<Arrived & Identified, Targeted> {
  return ({ exchange, application }) => {
    if (exchange.httpVersion !== '1.1') return refuse('version-unsupported');
    if (!isMethod(exchange.method)) return refuse('method-not-allowed');
    const keepsSession = application.targetProfile === 'java' && (application.cookies ?? null) !== null;
    const raw = keepsSession ? stripSessionId(exchange.rawTarget) : exchange.rawTarget;
    const target = canonicalize(raw, application.targetProfile, needs.targetBytes);
    if ('reason' in target) return refuse(target.reason, { detail: target.detail });
    return { method: exchange.method, target };
  };
}

function isMethod(method: string): method is Method {
  return methods.has(method);
}
