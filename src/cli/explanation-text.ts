// Writes an explanation for people: every rule, hit or miss for each criterion, and the verdict at the end.

import type { ExplainedRule, Explanation } from '../core/policy/explain.ts';

export function explanationText(explanation: Explanation): string {
  const rules = explanation.rules.flatMap(ruleLines);
  const by = explanation.rule === null ? '' : ` by rule "${explanation.rule}"`;
  const patient = explanation.patient === null ? [] : [`  patient ${explanation.patient}`];
  const verdict = `${explanation.allow ? 'Allowed' : 'Refused'}${by}: ${explanation.reason}`;
  return [...rules, ...(rules.length > 0 ? [''] : []), explanation.target, ...patient, verdict, `  ${explanation.detail}`].join(
    '\n',
  );
}

function ruleLines(rule: ExplainedRule): string[] {
  const criteria = rule.criteria.map(
    ({ criterion, hit, detail }) => `      ${hit ? 'hit ' : 'miss'}  ${criterion.padEnd(12)}${detail}`,
  );
  return [`${rule.decides ? '->' : '  '} ${rule.name}  (${rule.at})`, ...criteria];
}
