// Proposes candidate rules by their first segment. It never decides: `match-rule.ts` asks the one matcher.
export interface RuleIndex {
  readonly placeholder: true;
}
