// `wardgate check`: reads both YAML files and names every mistake, as the gateway would at its start. Nothing is started
// and nothing is written. Missing secrets and certificates are warnings here, so that a file can be checked anywhere.

import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { loadConfiguration } from '../config/load.ts';
import type { Loaded } from '../config/load.ts';
import { renderMistake, shownFile } from '../config/mistake.ts';
import type { Mistake } from '../config/mistake.ts';
import type { Configuration } from '../config/settings.ts';

const usage = 'wardgate check [--config config/gateway.yaml] [--json]';

/** Exit code: 0 sound, 1 mistakes, 2 wrong usage. */
export async function check(args: string[]): Promise<number> {
  let options;
  try {
    options = parseArgs({
      args,
      options: { config: { type: 'string', default: 'config/gateway.yaml' }, json: { type: 'boolean', default: false } },
    }).values;
  } catch (cause) {
    console.error(`${cause instanceof Error ? cause.message : String(cause)}\n\n${usage}`);
    return 2;
  }
  if (!existsSync(options.config)) {
    console.error(`Configuration file "${options.config}" does not exist, name it with --config\n\n${usage}`);
    return 2;
  }
  const loaded = await loadConfiguration(options.config, { secrets: 'optional' });
  console.log(options.json ? asJson(loaded) : asText(loaded, options.config));
  return loaded.ok ? 0 : 1;
}

function asText(loaded: Loaded, file: string): string {
  if (!loaded.ok) {
    const count = loaded.mistakes.length;
    return [...loaded.mistakes.map(renderMistake), `${counted(count, 'mistake')}, nothing would be used`].join('\n');
  }
  const { settings, policy } = loaded.configuration;
  const warnings = loaded.warnings.map((warning) => renderMistake({ ...warning, message: `Warning: ${warning.message}` }));
  const parts = [
    counted(settings.applications.size, 'application'),
    counted(policy.rules.length, 'rule'),
    counted(policy.roles.size, 'role'),
    `mode ${policy.mode}`,
  ];
  return [...warnings, `${shownFile(file)} and its rules are sound: ${parts.join(', ')}`, worstCase(settings.signIn)].join('\n');
}

/** The number that a privacy officer asks for: how long somebody who was let go may still be in. */
function worstCase({ recheckEverySeconds, recheckGraceSeconds }: Configuration['settings']['signIn']): string {
  const down = recheckEverySeconds + recheckGraceSeconds;
  return `Whoever loses a role or their account is cut off within ${inUnits(recheckEverySeconds)} at the latest, while the identity provider is down within ${inUnits(down)}`;
}

/** As the YAML writes it, in the largest unit that fits: 15m, 75m, 2h. */
function inUnits(seconds: number): string {
  if (seconds % 3600 === 0) return `${seconds / 3600}h`;
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function asJson(loaded: Loaded): string {
  const mistakes = loaded.ok ? [] : loaded.mistakes.map(plain);
  const warnings = loaded.ok ? loaded.warnings.map(plain) : [];
  return JSON.stringify({ ok: loaded.ok, mistakes, warnings });
}

function plain(mistake: Mistake): Mistake {
  return { ...mistake, file: shownFile(mistake.file) };
}
