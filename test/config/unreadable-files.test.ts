// Files that are no files, or no text.

import { chmod, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { loadConfiguration } from '../../src/config/load.ts';
import { Findings } from '../../src/config/mistake.ts';
import { parseYamlSource } from '../../src/config/yaml-source.ts';
import { environment, soundGateway, soundRules, writeConfiguration } from './write-configuration.ts';

async function toldOf(change: (rules: string) => Promise<unknown>): Promise<string[]> {
  const written = await writeConfiguration(soundGateway, soundRules);
  await rm(written.rules);
  await change(written.rules);
  const loaded = await loadConfiguration(written.gateway, { presets: written.presets, environment });
  return loaded.ok ? [] : loaded.mistakes.map(({ line, column, message }) => `${line}:${column}: ${message}`);
}

describe('a file', () => {
  it.each<[string, (rules: string) => Promise<unknown>, string]>([
    [
      'that is missing',
      () => Promise.resolve(),
      '1:1: File cannot be read: it does not exist (ENOENT), look for a slip in its name or write it',
    ],
    ['that is a directory', (rules) => mkdir(rules), '1:1: Is a directory, and a file is wanted here; name the file in it'],
    ['that is a device', (rules) => symlink('/dev/zero', rules), '1:1: Is no ordinary file, copy its content into one'],
    [
      'that is a link to itself',
      (rules) => symlink(rules, rules),
      '1:1: File cannot be read: it is a link that leads to itself (ELOOP)',
    ],
    [
      'in UTF-16 without its mark',
      (rules) => writeFile(rules, Buffer.from(soundRules, 'utf16le')),
      '1:1: File is saved as UTF-16, save it as UTF-8',
    ],
    [
      'in UTF-16, the other way round',
      (rules) => writeFile(rules, Buffer.from(soundRules, 'utf16le').swap16()),
      '1:1: File is saved as UTF-16, save it as UTF-8',
    ],
    [
      'with the line ends of old machines',
      (rules) => writeFile(rules, soundRules.replaceAll('\n', '\r')),
      '1:14: Line ends in a lone carriage return, save the file with LF or CRLF as its line ending',
    ],
    [
      'of comments alone',
      (rules) => writeFile(rules, '# nothing yet\n'),
      '1:1: File holds no settings, it must consist of lines like "key: value"',
    ],
  ])('%s is told of as such', async (_, change, answer) => {
    expect(await toldOf(change)).toEqual([expect.stringContaining(answer)]);
  });

  it.skipIf(process.getuid?.() === 0)('that may not be read is told of as such', async () => {
    const told = await toldOf(async (rules) => {
      await writeFile(rules, soundRules);
      await chmod(rules, 0);
    });
    expect(told).toEqual([expect.stringContaining('the account that runs this may not read it (EACCES)')]);
  });

  it('of one very long line is explained in short', () => {
    const findings = new Findings();
    const roles = Array.from({ length: 2000 }, (_, index) => `role-${index}`).join(', ');
    parseYamlSource('rules.yaml', Buffer.from(`allow: [${roles}, /a/{id}]\n`), findings);
    expect(findings.mistakes).toHaveLength(1);
    expect(findings.mistakes[0]?.message).toBe('Braces start a mapping here, so a path with {name} must stand in double quotes');
    expect(findings.mistakes[0]?.correction).toBe(undefined);
  });

  it.each([
    'clientSecret: hunter2',
    'clientSecretEnv: hunter2',
    'clientSecret: hunter2: more',
    'clientSecret: "hunter2',
    'clientSecret = hunter2',
    "'clientSecret': [hunter2",
    'clientSecret:hunter2',
    'clientSecret: @hunter2',
    'trust: { clientSecret: hunter2, key:x }',
  ])('that holds a secret, as in %s, never has it in what is told', async (line) => {
    const gateway = soundGateway.replace('clientSecretEnv: OIDC_SECRET', line);
    const written = await writeConfiguration(gateway, soundRules);
    const loaded = await loadConfiguration(written.gateway, { presets: written.presets, environment });
    expect(JSON.stringify(loaded)).not.toContain('hunter2');
  });
});
