// A clinic for each preset, put together from the very lines that docs/presets.md tells people to copy, and what it
// decides about one request.

import { readFile } from 'node:fs/promises';
import { ask } from '../../src/config/ask.ts';
import { loadConfiguration } from '../../src/config/load.ts';
import type { Mistake } from '../../src/config/mistake.ts';
import { renderMistake } from '../../src/config/mistake.ts';
import type { Configuration } from '../../src/config/settings.ts';
import { readQuery, readUrlencoded } from '../../src/core/policy/fields.ts';
import { matchRule } from '../../src/core/policy/match-rule.ts';
import type { Method } from '../../src/core/policy/policy.ts';
import { indexRules } from '../../src/core/policy/rule-index.ts';
import { canonicalize } from '../../src/core/target/canonicalize.ts';
import { writeConfiguration } from './write-configuration.ts';

/** A request and what is expected: the rule that lets it through or the reason that does not, patient and category. */
export type PresetRequest = readonly [
  role: string,
  method: Method,
  path: string,
  expected: string,
  patient?: string | null | undefined,
  category?: string | null | undefined,
  more?: { readonly form?: Readonly<Record<string, string>>; readonly selected?: string },
];

export interface PresetClinic extends Configuration {
  readonly warnings: readonly Mistake[];
}

const environment = { OIDC_SECRET: 'a secret for the tests', EHR_PASSWORD: 'another' };

/** Loads the configuration of docs/presets.md for a preset. Throws every mistake in words. */
export async function presetClinic(preset: string): Promise<PresetClinic> {
  const { roles, application, rules } = await documented(preset);
  const gateway = `clinic: { name: Northside, timezone: America/Chicago, help: ext. 4357 }
listen: { port: 443, certificate: ehr.pem, keyFile: ehr.key }
applications:
${indent(application)}
signIn: { provider: keycloak, issuer: 'https://login.northside.example/realms/clinic', clientId: wardgate, clientSecretEnv: OIDC_SECRET }
secondFactor: { methods: totp }
lock: { everywhere: { after: 15m } }
audit: { keep: 6y }
`;
  const written = await writeConfiguration(gateway, `${roles}${rules}`);
  const loaded = await loadConfiguration(written.gateway, { environment, secrets: 'optional' });
  if (!loaded.ok) throw new Error(loaded.mistakes.map(renderMistake).join('\n'));
  return { ...loaded.configuration, warnings: loaded.warnings.filter(({ message }) => !message.includes('file "')) };
}

/** The YAML of the section whose application names the preset. */
async function documented(preset: string): Promise<{ roles: string; application: string; rules: string }> {
  const text = await readFile('docs/presets.md', 'utf8');
  const blocks = [...text.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);
  const [roles = '', ...others] = blocks;
  const at = others.findIndex((block) => block.includes(`preset: ${preset}\n`));
  const [application, rules] = [others[at], others[at + 1]];
  if (application === undefined || rules === undefined) throw new Error(`docs/presets.md has no lines for "${preset}"`);
  return { roles, application, rules };
}

function indent(block: string): string {
  return block.replaceAll(/^(?=.)/gm, '  ');
}

/** What the rules say, by the functions that decide in production. */
export function judge({ settings, policy }: Configuration, request: PresetRequest) {
  const [role, method, path, , , , more = {}] = request;
  const application = settings.applications.get('ehr');
  if (application === undefined) throw new Error('The clinic has no EHR');
  const form = Object.entries(more.form ?? {});
  const index = indexRules(policy);
  const person = { roles: [role], zones: [], weekday: 1, minute: 600, grantOpen: false, selection: more.selected ?? null };
  const bytes = settings.limits.targetBytes;
  const explanation = ask(policy, index, bytes, { application, method, path, form, webSocket: false, person });
  const target = canonicalize(path, application.targetProfile, bytes);
  if ('reason' in target) return { explanation, route: null };
  const { parameters: dialect, targetProfile: profile, name } = application;
  const query = readQuery(target.query, dialect);
  const fields = readUrlencoded(new URLSearchParams(form).toString(), dialect);
  const question = { application: name, method, target, query, form: fields, webSocket: false, dialect, profile };
  const match = matchRule(policy, index, question);
  return { explanation, route: match.match === 'rule' ? match.route : null };
}
