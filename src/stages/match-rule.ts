// Finds the first rule whose path, method and conditions match. Form fields are read ahead only when a candidate rule
// asks for them, and are forwarded unchanged. What cannot be read for certain is refused, never treated as absent.

import { refuse } from '../core/answer.ts';
import type { End } from '../core/answer.ts';
import { formEncoding } from '../core/policy/form-encoding.ts';
import { readQuery, readUrlencoded } from '../core/policy/fields.ts';
import { matchRule as match } from '../core/policy/match-rule.ts';
import { readMultipart } from '../core/policy/multipart.ts';
import { unreachable } from '../core/unreachable.ts';
import type { Fields } from '../core/policy/policy.ts';
import type { Arrived, Identified, Matched, SignedIn, Targeted } from '../facts.ts';
import type { Stage } from '../pipeline.ts';
import { isConsole } from './reserved-prefix.ts';
import { observedMatch } from './observed-match.ts';

export interface MatchRuleNeeds {
  readonly formBytes: number;
  readonly formTimeoutSeconds: number;
}

type Given = Arrived & Identified & Targeted & SignedIn;

const noFields: Fields = new Map();

export function matchRule(needs: MatchRuleNeeds): Stage<Given, Matched> {
  return (facts) => {
    const query = readQuery(facts.target.query, facts.application.parameters);
    const override = facts.application.methodOverrideParameters.find((name) => query.has(name));
    if (override !== undefined)
      return refuse('method-override-refused', { detail: `The field "${override}" names another method` });
    const result = judge(facts, query, facts.exchange.body.declaredBytes === 0 ? noFields : null);
    return result === 'needs-form' ? withForm(facts, query) : result;
  };

  async function withForm(facts: Given, query: Fields): Promise<Matched | End> {
    const form = await readForm(facts, needs);
    if ('answer' in form) return form;
    const override = facts.application.methodOverrideParameters.find((name) => form.has(name));
    if (override !== undefined)
      return refuse('method-override-refused', { detail: `The field "${override}" names another method` });
    const result = judge(facts, query, form);
    return result === 'needs-form' ? refuse('form-unreadable') : result;
  }
}

function judge(facts: Given, query: Fields, form: Fields | null): Matched | End | 'needs-form' {
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
      return 'needs-form';
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

async function readForm(facts: Given, needs: MatchRuleNeeds): Promise<Fields | End> {
  const encoding = formEncoding(facts.headers.get('content-type') ?? null);
  if (encoding.kind === 'unreadable') return refuse('form-unreadable', { detail: encoding.detail });
  if (facts.headers.has('content-encoding')) return refuse('form-unreadable', { detail: 'A compressed form cannot be judged' });
  const body = await facts.exchange.body.readAhead(needs.formBytes, needs.formTimeoutSeconds * 1000);
  if (body.read === 'too-large')
    return refuse('form-too-large', { detail: `A form that a rule must read may have ${needs.formBytes} bytes` });
  if (body.read !== 'whole') return refuse('body-too-slow');
  if (encoding.kind === 'none') {
    // What the EHR would read there nobody knows: many programs read any body as a form, and others JSON as if it were one.
    const detail = 'A rule must read the fields of this form, and its type is not that of a form';
    return body.bytes.length === 0 ? noFields : refuse('form-unreadable', { detail });
  }
  const dialect = facts.application.parameters;
  if (encoding.kind === 'urlencoded') return readUrlencoded(body.bytes.toString('latin1'), dialect);
  const fields = readMultipart(body.bytes, encoding.boundary, dialect);
  return 'problem' in fields ? refuse('form-unreadable', { detail: fields.problem }) : fields;
}
