// One small change of the rule file: as the lines IT would write, and as the whole file with it, so that it can be tried.

import { parseDocument } from 'yaml';
import { unreachable } from '../../core/unreachable.ts';

export type RuleChange =
  | { readonly kind: 'add'; readonly rule: string; readonly key: 'allow' | 'export' | 'from'; readonly name: string }
  | { readonly kind: 'web-socket'; readonly rule: string }
  | {
      readonly kind: 'new-rule';
      readonly name: string;
      readonly application: string;
      readonly where: { readonly area: string } | { readonly path: string };
      readonly methods: readonly string[];
      readonly allow: readonly string[];
    };

/** `text` is the whole file, `lines` what to write, `place` where. */
export interface ChangedRules {
  readonly text: string;
  readonly lines: readonly string[];
  readonly place: string;
}

/** Null where the file has no such rule. Comments stay; line breaks may not, which is why nobody installs this text. */
export function changeRules(text: string, change: RuleChange): ChangedRules | null {
  const document = parseDocument(text);
  const rules = Object(document.toJS())['rules'] as unknown;
  const list: readonly unknown[] = Array.isArray(rules) ? rules : [];
  switch (change.kind) {
    case 'add': {
      const at = indexOf(list, change.rule);
      if (at === -1) return null;
      const names = [...namesIn(Object(list[at])[change.key]), change.name];
      document.setIn(['rules', at, change.key], document.createNode(names, { flow: true }));
      return { text: String(document), lines: [`${change.key}: ${flow(names)}`], place: `in rule "${change.rule}"` };
    }
    case 'web-socket': {
      const at = indexOf(list, change.rule);
      if (at === -1) return null;
      document.setIn(['rules', at, 'webSocket'], true);
      return { text: String(document), lines: ['webSocket: true'], place: `in rule "${change.rule}"` };
    }
    case 'new-rule': {
      const rule = newRule(change, freeName(list, change.name));
      document.addIn(['rules'], document.createNode(rule, { flow: true }));
      const parts = Object.entries(rule).map(([key, value]) => `${key}: ${Array.isArray(value) ? flow(value) : quoted(value)}`);
      return { text: String(document), lines: [`- { ${parts.join(', ')} }`], place: 'at the end of rules' };
    }
    default:
      return unreachable(change);
  }
}

function newRule(change: Extract<RuleChange, { kind: 'new-rule' }>, name: string) {
  const { application, where, methods, allow } = change;
  const reads = methods.every((method) => method === 'GET' || method === 'HEAD');
  if ('area' in where) return { name, area: where.area, allow: [...allow] };
  return { name, application, paths: [where.path], ...(reads ? {} : { methods: [...methods] }), allow: [...allow] };
}

function indexOf(list: readonly unknown[], rule: string): number {
  return list.findIndex((one) => Object(one)['name'] === rule);
}

/** `everyone` and `nobody` stand alone, so a name added replaces them. */
function namesIn(value: unknown): readonly string[] {
  const names = Array.isArray(value) ? value.map(String) : typeof value === 'string' ? [value] : [];
  return names.filter((name) => name !== 'everyone' && name !== 'nobody');
}

function freeName(list: readonly unknown[], wanted: string): string {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? wanted : `${wanted}-${number}`;
    if (indexOf(list, name) === -1) return name;
  }
}

function flow(names: readonly unknown[]): string {
  return `[${names.map((name) => quoted(String(name))).join(', ')}]`;
}

/** In quotes where YAML would read something else. */
function quoted(text: string): string {
  return /^[A-Za-z][\w.-]*$/.test(text) && !/^(?:yes|no|on|off|true|false|null)$/i.test(text)
    ? text
    : `'${text.replaceAll("'", "''")}'`;
}
