// Puts a recorded request to a version of the rules, by the functions that decide in production: canonical target, rule,
// person. What the record leaves open is filled in by a guess.

import type { ApplicationSettings } from '../../config/settings.ts';
import { mayExport } from '../../core/downloads/may-export.ts';
import { authorize } from '../../core/policy/authorize.ts';
import type { Person } from '../../core/policy/authorize.ts';
import { foldName } from '../../core/policy/field-name.ts';
import { readQuery } from '../../core/policy/fields.ts';
import { matchRule } from '../../core/policy/match-rule.ts';
import type { Match } from '../../core/policy/match-rule.ts';
import type { Fields, Method, ParameterDialect } from '../../core/policy/policy.ts';
import { canonicalize } from '../../core/target/canonicalize.ts';
import type { CanonicalTarget } from '../../core/target/canonical-target.ts';
import { namesField, redacted } from './guesses.ts';
import type { Guess } from './guesses.ts';
import type { Rulebook } from './rulebook.ts';

/** `pattern` is that of the route which fitted. */
export interface Verdict {
  readonly allow: boolean;
  readonly rule: string | null;
  readonly pattern: string | null;
  readonly reason: string;
}

export interface AskedAgain {
  /** The application whose rules decide: the console's are the gateway's own. */
  readonly application: string;
  readonly settings: ApplicationSettings;
  readonly method: Method;
  readonly target: CanonicalTarget;
  readonly webSocket: boolean;
  readonly person: Person;
}

/** Longer than any target in a record, with its guessed values. */
const mostTargetBytes = 65_536;

export function askRecorded(book: Rulebook, asked: AskedAgain, guess: Guess): Verdict {
  const { settings, person, webSocket } = asked;
  const target = withValues(asked, guess);
  if (target === null) return { allow: false, rule: null, pattern: null, reason: 'target-malformed' };
  const found = matchRule(book.policy, book.index, {
    application: asked.application,
    method: asked.method,
    target,
    query: readQuery(target.query, settings.parameters),
    form: formOf(guess, settings.parameters),
    webSocket,
    dialect: settings.parameters,
    profile: settings.targetProfile,
  });
  return found.match === 'rule' ? judge(found, asked.method, person, webSocket, guess) : unmatched(found);
}

function judge(
  { rule, route }: Extract<Match, { match: 'rule' }>,
  method: Method,
  person: Person,
  webSocket: boolean,
  { isFile }: Guess,
): Verdict {
  const at = { rule: rule.name, pattern: route.pattern.source };
  const verdict = authorize(rule, person, webSocket);
  if (!verdict.allow) return { allow: false, ...at, reason: verdict.reason };
  const leaves = method !== 'HEAD' && (route.download === 'always' || (route.download === 'by-reply' && isFile));
  if (leaves && !mayExport(rule, person.roles)) return { allow: false, ...at, reason: 'export-not-permitted' };
  return { allow: true, ...at, reason: 'permitted' };
}

function unmatched(found: Exclude<Match, { match: 'rule' }>): Verdict {
  const reasons = { 'deny-always': 'denied-always', none: 'no-rule', 'needs-form': 'form-unreadable' } as const;
  const reason = found.match === 'refused' ? found.reason : reasons[found.match];
  return { allow: false, rule: null, pattern: null, reason };
}

/** A target as it stands in a record; null where it is none any more. */
export function recordedTarget(text: string, settings: ApplicationSettings): CanonicalTarget | null {
  const target = canonicalize(text, settings.targetProfile, mostTargetBytes);
  return 'reason' in target ? null : target;
}

function withValues({ target, settings }: AskedAgain, { query }: Guess): CanonicalTarget | null {
  if (query.size === 0 || target.query === null) return target;
  let pairs = target.query.split('&');
  for (const [name, value] of query) {
    const { key } = foldName(name, settings.parameters);
    pairs = pairs.map((pair) => {
      const isOpen = pair.endsWith(`=${redacted}`) && namesField(pair, key, settings.parameters);
      return isOpen ? `${pair.slice(0, -redacted.length)}${encodeURIComponent(value)}` : pair;
    });
  }
  return recordedTarget(`${target.path}?${pairs.join('&')}`, settings);
}

function formOf({ form }: Guess, dialect: ParameterDialect): Fields {
  const given = [...form].flatMap(([name, value]) => (value === null ? [] : [[foldName(name, dialect).name, [value]] as const]));
  return new Map(given);
}
