// Finds the first rule whose path, method and conditions match. Form fields are read ahead only when a candidate rule
// asks for them, and are forwarded unchanged. What cannot be read for certain is refused, never treated as absent.

import { refuse } from '../core/answer.ts';
import type { End } from '../core/answer.ts';
import { readQuery } from '../core/policy/fields.ts';
import { matchRule as match } from '../core/policy/match-rule.ts';
import { methodOverride, overrideMayHideInBody } from '../core/policy/method-override.ts';
import { unreachable } from '../core/unreachable.ts';
import type { Fields } from '../core/policy/policy.ts';
import type { Arrived, Identified, Matched, SignedIn, Targeted } from '../facts.ts';
import type { Stage } from '../pipeline.ts';
import type { Soon } from '../ports.ts';
import { readForm } from './read-form.ts';
import type { ReadFormNeeds } from './read-form.ts';
import { isConsole } from './reserved-prefix.ts';
import { observedMatch } from './observed-match.ts';

type Given = Arrived & Identified & Targeted & SignedIn;

const noFields: Fields = new Map();

export function matchRule(needs: ReadFormNeeds): Stage<Given, Matched> {
  return (facts) => {
    const { application, method, exchange } = facts;
    const query = readQuery(facts.target.query, application.parameters);
    const override = refuseOverride(facts, query, null);
    if (override !== null) return override;
    if (exchange.body.declaredBytes === 0) return concluded(judge(facts, query, noFields));
    // Frameworks take the override from the body of a POST only; it may stand there where no rule asks for a field.
    const mayHide = method === 'POST' && overrideMayHideInBody(application.methodOverrideParameters);
    return mayHide ? checkBody(facts, query) : decide(facts, query);
  };

  async function checkBody(facts: Given, query: Fields): Promise<Matched | End> {
    const form = await readForm(facts, needs, 'override');
    if ('answer' in form) return form;
    return refuseOverride(facts, query, form) ?? decide(facts, query);
  }

  function decide(facts: Given, query: Fields): Soon<Matched | End> {
    const result = judge(facts, query, null);
    return typeof result === 'string' ? withForm(facts, query, result) : result;
  }

  async function withForm(facts: Given, query: Fields, reads: 'form' | 'query'): Promise<Matched | End> {
    const form = await readForm(facts, needs, reads);
    if ('answer' in form) return form;
    const override = refuseOverride(facts, query, form);
    if (override !== null) return override;
    const result = judge(facts, query, form);
    return result === 'form' && reads === 'query' ? withForm(facts, query, 'form') : concluded(result);
  }
}

/** Whoever asks for the form after it was read asks for what nobody can tell. */
function concluded(result: ReturnType<typeof judge>): Matched | End {
  return typeof result === 'string' ? refuse('form-unreadable') : result;
}

function refuseOverride({ application }: Given, query: Fields, form: Fields | null): End | null {
  const name = methodOverride(application.methodOverrideParameters, query, form, application.parameters);
  return name === null ? null : refuse('method-override-refused', { detail: `The field "${name}" names another method` });
}

function judge(facts: Given, query: Fields, form: Fields | null): Matched | End | 'form' | 'query' {
  const { application, policy, index, method, target, shape } = facts;
  const found = match(policy, index, {
    application: isConsole(target.path) ? 'wardgate' : application.name,
    method,
    target,
    query,
    form,
    webSocket: shape === 'upgrade',
    dialect: application.parameters,
    profile: application.targetProfile,
  });
  switch (found.match) {
    case 'rule':
      return { rule: found.rule, route: found.route, captures: found.captures, query, form };
    case 'needs-form':
      return found.reads;
    case 'refused':
      return refuse(found.reason, { detail: found.detail });
    case 'deny-always':
      return refuse('denied-always');
    case 'none':
      return policy.mode === 'observe' ? { ...observedMatch(application.name), query, form } : refuse('no-rule');
    default:
      return unreachable(found);
  }
}
