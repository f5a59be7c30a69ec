// Finds the first rule whose path, method and conditions match. Form fields are read ahead only when a candidate rule
// asks for them, and are forwarded unchanged. What cannot be read for certain is refused, never treated as absent.

import { refuse } from '../core/answer.ts';
import type { End } from '../core/answer.ts';
import { mayHold, readQuery } from '../core/policy/fields.ts';
import { matchRule as match } from '../core/policy/match-rule.ts';
import { methodOverride, overrideMayHideInBody } from '../core/policy/method-override.ts';
import { unreachable } from '../core/unreachable.ts';
import type { Fields, ParameterDialect, Route } from '../core/policy/policy.ts';
import { requestLine } from '../core/target/canonical-target.ts';
import type { Arrived, Identified, Matched, Presented, SignedIn, Targeted } from '../facts.ts';
import type { Stage } from '../pipeline.ts';
import type { Soon } from '../ports.ts';
import { readForm } from './read-form.ts';
import type { ReadFormNeeds } from './read-form.ts';
import { isObserved, observedMatch } from './observed-match.ts';
import { refuseForeign } from './refuse-foreign.ts';
import { ruleQuestion } from './rule-question.ts';

type Given = Arrived & Identified & Presented & Targeted & SignedIn;

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
  const { application, policy, index, target } = facts;
  const found = match(policy, index, ruleQuestion(facts, query, form));
  switch (found.match) {
    case 'rule':
      return (
        refuseForeignChange(facts, found, query) ?? {
          rule: found.rule,
          route: found.route,
          captures: found.captures,
          query,
          form,
        }
      );
    case 'needs-form':
      return found.reads;
    case 'refused':
      return refuse(found.reason, { detail: found.detail });
    case 'deny-always':
      return refuse('denied-always');
    case 'none':
      return isObserved(policy, target) ? { ...observedMatch(application.name), query, form } : refuse('no-rule');
    default:
      return unreachable(found);
  }
}

/**
 * What changes something although it may be a GET must not come from another site: a link there would choose the patient
 * under an open chart. The person may still open it by a click on our page.
 */
function refuseForeignChange(facts: Given, { rule, route }: Pick<Matched, 'rule' | 'route'>, query: Fields): End | null {
  const { headers, application, method, target } = facts;
  if (!rule.changes && !route.clearsSelection && !mayChoose(route.selects, query, application.parameters)) return null;
  return refuseForeign(headers, application.origin, method === 'GET' ? requestLine(target) : undefined) ?? null;
}

/** A form comes by POST, which has been asked where it came from; a page of the chart that names no patient chooses none. */
function mayChoose(selects: Route['selects'], query: Fields, dialect: ParameterDialect): boolean {
  return selects !== null && (selects.in !== 'query' || mayHold(query, selects.name, dialect));
}
