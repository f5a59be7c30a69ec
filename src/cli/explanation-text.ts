// Writes an explanation for people: every rule, hit or miss for each criterion, and the verdict at the end.

import { reservedPrefix } from '../config/routes.ts';
import type { ExplainedRule, Explanation } from '../core/policy/explain.ts';

export function explanationText(explanation: Explanation): string {
  const rules = explanation.rules.flatMap(ruleLines);
  const by = explanation.rule === null ? '' : ` by rule "${explanation.rule}"`;
  const patient = explanation.patient === null ? [] : [`  patient ${explanation.patient}`];
  const verdict = `${explanation.allow ? 'Allowed' : 'Refused'}${by}: ${explanation.reason}`;
  const gap = rules.length > 0 ? [''] : [];
  return [...rules, ...gap, explanation.target, ...patient, verdict, `  ${detailOf(explanation)}`].join('\n');
}

/** Pages of ours other than the console are served before any rule is asked. */
function detailOf({ rule, reason, target, detail }: Explanation): string {
  const own = rule === null && reason === 'no-rule' && target.startsWith(`${reservedPrefix}/`);
  return own ? 'This address is the gateway’s own: no rule decides about it, and nothing of it reaches the EHR' : detail;
}

function ruleLines(rule: ExplainedRule): string[] {
  const criteria = rule.criteria.map(
    ({ criterion, hit, detail }) => `      ${hit ? 'hit ' : 'miss'}  ${criterion.padEnd(12)}${detail}`,
  );
  return [`${rule.decides ? '->' : '  '} ${rule.name}  (${rule.at})`, ...criteria];
}
