// Small builders for policies and questions, so that a test's table shows only what it is about.

import type { CanonicalTarget, TargetProfile } from '../../../src/core/target/canonical-target.ts';
import { canonicalize } from '../../../src/core/target/canonicalize.ts';
import { readQuery, readUrlencoded } from '../../../src/core/policy/fields.ts';
import type { Question } from '../../../src/core/policy/match-rule.ts';
import { parsePattern } from '../../../src/core/policy/path-pattern.ts';
import type { PathPattern } from '../../../src/core/policy/path-pattern.ts';
import type { DenyAlways, Method, ParameterDialect, Policy, Route, Rule } from '../../../src/core/policy/policy.ts';

export function pattern(source: string): PathPattern {
  const parsed = parsePattern(source);
  if ('problem' in parsed) throw new Error(parsed.problem);
  return parsed;
}

export function target(raw: string, profile: TargetProfile = 'generic'): CanonicalTarget {
  const made = canonicalize(raw, profile, 8192);
  if ('reason' in made) throw new Error(made.detail);
  return made;
}

export function route(source: string, more: Partial<Route> = {}): Route {
  return {
    pattern: pattern(source),
    methods: ['GET'],
    query: [],
    form: [],
    patient: [],
    selects: null,
    clearsSelection: false,
    category: null,
    action: null,
    passive: false,
    download: 'by-reply',
    ...more,
  };
}

export function rule(name: string, routes: readonly Route[], more: Partial<Rule> = {}): Rule {
  return {
    name,
    application: 'ehr',
    routes,
    allow: 'everyone',
    exportRoles: null,
    emergencyRoles: [],
    zones: null,
    hours: null,
    freshFactorSeconds: null,
    webSocket: false,
    changes: false,
    recordQuery: [],
    upstreamHeaderTimeoutSeconds: null,
    at: `rules.yaml:${name}`,
    ...more,
  };
}

export function deny(source: string, more: Partial<DenyAlways> = {}): DenyAlways {
  return { application: 'ehr', pattern: pattern(source), methods: null, query: [], at: `deny ${source}`, ...more };
}

export function policy(rules: readonly Rule[], denyAlways: readonly DenyAlways[] = []): Policy {
  return { mode: 'enforce', version: 'v1', denyAlways, rules, roles: new Map(), budgets: new Map() };
}

export interface Asked {
  readonly application?: string;
  readonly method?: Method;
  readonly form?: string | null;
  readonly webSocket?: boolean;
  readonly dialect?: ParameterDialect;
  readonly profile?: TargetProfile;
}

/** A question about a raw target; `form` is an urlencoded body. */
export function question(raw: string, asked: Asked = {}): Question {
  const { application = 'ehr', method = 'GET', form = null, webSocket = false, dialect = 'strict', profile = 'generic' } = asked;
  const canonical = target(raw, profile);
  return {
    application,
    method,
    target: canonical,
    query: readQuery(canonical.query, dialect),
    form: form === null ? null : readUrlencoded(form, dialect),
    webSocket,
    dialect,
    profile,
  };
}
