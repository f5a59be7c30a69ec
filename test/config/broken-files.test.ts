import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { loadConfiguration } from '../../src/config/load.ts';
import { Findings, renderMistake } from '../../src/config/mistake.ts';
import { parseYamlSource } from '../../src/config/yaml-source.ts';
import { parseFile } from '../../src/config/parse-file.ts';
import { rulesParts } from '../../src/config/rules-schema.ts';
import type { BrokenFile } from './broken-file.ts';
import { brokenGateways } from './broken-gateways.ts';
import { brokenRules } from './broken-rules.ts';
import { brokenYaml } from './broken-yaml.ts';
import { environment, soundGateway, soundRules, writeConfiguration } from './write-configuration.ts';

const rows = [...brokenYaml, ...brokenGateways, ...brokenRules];

describe('a broken configuration', () => {
  it.each(rows)('names $name', async (row) => {
    const texts = { gateway: soundGateway, rules: soundRules, [row.file]: brokenText(row) };
    const written = await writeConfiguration(texts.gateway, texts.rules);
    const loaded = await loadConfiguration(written.gateway, { presets: written.presets, environment });
    const told = loaded.ok ? [] : loaded.mistakes.map((mistake) => renderMistake(mistake).slice(written.directory.length + 1));
    expect(told).toEqual(row.answers.map((answer) => expect.stringContaining(answer)));
    expect(told.join('\n')).not.toContain('hunter2');
  });

  it('holds at least forty rows, each of them different', () => {
    expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length);
    expect(rows.length).toBeGreaterThan(40);
  });

  it('tells the mistakes of both files at once, in their order', async () => {
    const gateway = soundGateway.replace('timezone: A', 'timezon: A').replace('after: 5m', 'after: 5');
    const rules = soundRules.replace('mode: enforce', 'mode: enforced').replace('emergency: front-desk', 'emergency: frontdesk');
    const written = await writeConfiguration(gateway, rules);
    const loaded = await loadConfiguration(written.gateway, { presets: written.presets, environment });
    const places = loaded.ok
      ? []
      : loaded.mistakes.map(({ file, line }) => `${file.slice(written.directory.length + 1)}:${line}`);
    expect(places).toEqual(['gateway.yaml:1', 'gateway.yaml:20', 'rules.yaml:1', 'rules.yaml:9']);
  });

  it('answers every damaged file, and never throws', () => {
    const piece = fc.constantFrom(
      '\t',
      '{',
      '}',
      '[',
      ']',
      '*',
      '&',
      '!',
      ': ',
      '"',
      "'",
      '\n',
      '- ',
      '%',
      '?',
      '\u0000',
      '${',
      '\\',
      '|',
      '>',
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(soundRules.length), piece, fc.nat(12)), { minLength: 1, maxLength: 4 }), (damages) => {
        const findings = new Findings();
        const text = damages.reduce(
          (whole, [at, insert, cut]) => whole.slice(0, at) + insert + whole.slice(at + cut),
          soundRules,
        );
        const source = parseYamlSource('rules.yaml', Buffer.from(text), findings);
        const parsed = source === null ? null : parseFile(rulesParts, source, findings);
        expect(parsed !== null || findings.mistakes.length > 0).toBe(true);
        const lines = text.split('\n').length;
        for (const { line, column } of findings.mistakes) {
          expect(line).toBeLessThanOrEqual(lines);
          expect(line * column).toBeGreaterThan(0);
        }
      }),
      { numRuns: 500 },
    );
  });
});

function brokenText(row: BrokenFile): string | Buffer {
  if (row.whole !== undefined) return row.whole;
  const sound = row.file === 'gateway' ? soundGateway : soundRules;
  const changed = (row.change ?? []).reduce((text, [from, to]) => {
    expect(text).toContain(from);
    return text.replace(from, () => to);
  }, sound);
  return changed + (row.add ?? '');
}
