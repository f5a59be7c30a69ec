// A secret that somebody wrote into gateway.yaml was told to be none of its business, and never shown. But where YAML
// itself stumbled over the line (a second colon, a quote left open), the message quoted the whole line, secret and all,
// into the terminal and the log.

import { describe, expect, it } from 'vitest';
import { loadConfiguration } from '../../src/config/load.ts';
import { environment, soundGateway, soundRules, writeConfiguration } from '../config/write-configuration.ts';

describe('a secret in a line that cannot be read', () => {
  it.each([
    'clientSecret: hunter2: more',
    'clientSecret: "hunter2',
    'clientSecret: @hunter2',
    'clientSecret = hunter2',
    'clientSecret:hunter2',
    'trust: { "clientSecret": hunter2, key:x }',
  ])('is not told: %s', async (line) => {
    const gateway = soundGateway.replace('clientSecretEnv: OIDC_SECRET', line);
    const written = await writeConfiguration(gateway, soundRules);
    const loaded = await loadConfiguration(written.gateway, { presets: written.presets, environment });
    expect(loaded.ok).toBe(false);
    expect(JSON.stringify(loaded)).not.toContain('hunter2');
  });
});
