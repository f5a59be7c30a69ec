// Asks the rules what they would decide, by the very functions that decide in production: canonical target, query, form,
// method override, rule. Used by `explain` and by the tests a rule file brings along.

import { explain } from '../core/policy/explain.ts';
import type { ExplainedPerson, Explanation } from '../core/policy/explain.ts';
import { readQuery, readUrlencoded } from '../core/policy/fields.ts';
import { methodOverride } from '../core/policy/method-override.ts';
import type { Fields, Method, Policy } from '../core/policy/policy.ts';
import type { RuleIndex } from '../core/policy/rule-index.ts';
import { canonicalize } from '../core/target/canonicalize.ts';
import { ownApplication } from './application-settings.ts';
import { reservedPrefix } from './routes.ts';
import type { ApplicationSettings } from './settings.ts';

export interface Asked {
  readonly application: ApplicationSettings;
  readonly method: Method;
  /** Path and query as they stand on the wire. */
  readonly path: string;
  readonly form: readonly (readonly [string, string])[];
  readonly webSocket: boolean;
  readonly person: ExplainedPerson;
}

/** The verdict; a target that cannot be accepted is refused with that reason, as in production. */
export function ask(policy: Policy, index: RuleIndex, maxTargetBytes: number, asked: Asked): Explanation {
  const { application } = asked;
  const target = canonicalize(asked.path, application.targetProfile, maxTargetBytes);
  if ('reason' in target) return refused(asked.path, target.reason, target.detail);
  const query = readQuery(target.query, application.parameters);
  const form = asked.form.length === 0 ? noFields : readUrlencoded(encoded(asked.form), application.parameters);
  const override = methodOverride(application.methodOverrideParameters, query, form, application.parameters);
  if (override !== null) {
    return refused(asked.path, 'method-override-refused', `The field "${override}" names another method`);
  }
  const question = {
    application: target.path.startsWith(`${reservedPrefix}/console`) ? ownApplication : application.name,
    method: asked.method,
    target,
    query,
    form,
    webSocket: asked.webSocket,
    dialect: application.parameters,
    patientId: application.patientId,
    profile: application.targetProfile,
  };
  return explain(policy, index, question, asked.person);
}

const noFields: Fields = new Map();

/** As a browser would send it. */
function encoded(form: Asked['form']): string {
  const fields = new URLSearchParams();
  for (const [name, value] of form) fields.append(name, value);
  return fields.toString();
}

function refused(target: string, reason: string, detail: string): Explanation {
  return { allow: false, rule: null, reason, detail, target, patient: null, rules: [] };
}
