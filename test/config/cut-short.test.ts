// Values that YAML ends where their author did not: sound files, and a warning each.

import { expect, it } from 'vitest';
import { loadConfiguration } from '../../src/config/load.ts';
import { renderMistake } from '../../src/config/mistake.ts';
import { correctedText } from './corrected-text.ts';
import { environment, soundGateway, soundRules, writeConfiguration } from './write-configuration.ts';

async function warningsOf(gateway: string) {
  const written = await writeConfiguration(gateway, soundRules);
  const loaded = await loadConfiguration(written.gateway, { presets: written.presets, environment });
  if (!loaded.ok) throw new Error(loaded.mistakes.map(renderMistake).join('\n'));
  return {
    warnings: loaded.warnings,
    clinic: loaded.configuration.settings.clinic,
    signIn: loaded.configuration.settings.signIn,
  };
}

it.each([
  [
    'a number behind a hash',
    'wardgate #2',
    '14:22: "#2" is a comment to YAML, so the value before it is "wardgate"; put both into double quotes if it belongs to it, or a blank behind the #: clientId: "wardgate #2"',
    'wardgate #2',
  ],
  [
    'a comma at the end',
    'wardgate,',
    '14:13: Value "wardgate," ends in ",", which belongs to it here; delete it: clientId: wardgate',
    'wardgate',
  ],
  [
    'a semicolon at the end',
    'wardgate;',
    '14:13: Value "wardgate;" ends in ";", which belongs to it here; delete it: clientId: wardgate',
    'wardgate',
  ],
])('%s is warned of', async (_, value, answer, meant) => {
  const text = soundGateway.replace('clientId: wardgate', `clientId: ${value}`);
  const { warnings } = await warningsOf(text);
  expect(warnings.map(({ line, column, message }) => `${line}:${column}: ${message}`)).toEqual([answer]);
  const correction = warnings[0]?.correction;
  const mended = await warningsOf(correction === undefined ? text : correctedText(text, correction));
  expect(mended.warnings).toEqual([]);
  expect(mended.signIn.clientId).toBe(meant);
});

it.each([
  ['a comment with its blank', 'wardgate # as registered'],
  ['a hash within a word', 'ward#gate'],
  ['quotes', '"wardgate #2,"'],
])('%s is left alone', async (_, value) => {
  expect((await warningsOf(soundGateway.replace('clientId: wardgate', `clientId: ${value}`))).warnings).toEqual([]);
});
