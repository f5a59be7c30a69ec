import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { loadConfiguration } from '../../src/config/load.ts';
import { Findings, renderMistake } from '../../src/config/mistake.ts';
import type { Mistake } from '../../src/config/mistake.ts';
import { parseYamlSource } from '../../src/config/yaml-source.ts';
import { parseFile } from '../../src/config/parse-file.ts';
import { rulesParts } from '../../src/config/rules-schema.ts';
import type { BrokenFile } from './broken-file.ts';
import { brokenGateways } from './broken-gateways.ts';
import { brokenPlaces } from './broken-places.ts';
import { brokenPunctuation } from './broken-punctuation.ts';
import { brokenRules } from './broken-rules.ts';
import { brokenValues } from './broken-values.ts';
import { brokenWindows } from './broken-windows.ts';
import { brokenYaml } from './broken-yaml.ts';
import { correctedText } from './corrected-text.ts';
import { environment, soundGateway, soundRules, writeConfiguration } from './write-configuration.ts';

const tables = [brokenYaml, brokenValues, brokenPunctuation, brokenPlaces, brokenGateways, brokenRules, brokenWindows];
const rows = tables.flat();

interface Texts {
  readonly gateway: string | Buffer;
  readonly rules: string | Buffer;
}

async function mistakesIn({ gateway, rules }: Texts): Promise<readonly Mistake[]> {
  const written = await writeConfiguration(gateway, rules);
  const loaded = await loadConfiguration(written.gateway, { presets: written.presets, environment });
  const shown = (text: string): string => text.replaceAll(`${written.directory}/`, '');
  return loaded.ok
    ? []
    : loaded.mistakes.map((mistake) => ({ ...mistake, file: shown(mistake.file), message: shown(mistake.message) }));
}

function textsOf(row: BrokenFile): Texts {
  return { gateway: soundGateway, rules: soundRules, [row.file]: brokenText(row) };
}

describe('a broken configuration', () => {
  it.each(rows)('names $name', async (row) => {
    const told = (await mistakesIn(textsOf(row))).map(renderMistake);
    expect(told).toEqual(row.answers.map((answer) => expect.stringContaining(answer)));
    expect(told.join('\n')).not.toContain('hunter2');
  });

  it('holds at least sixty rows, each of them different', () => {
    expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length);
    expect(rows.length).toBeGreaterThan(60);
  });

  const inText = rows.filter((row) => typeof brokenText(row) === 'string');
  const saved: readonly (readonly [string, (text: string) => string])[] = [
    ['with CRLF', (text) => text.replaceAll('\n', '\r\n')],
    ['with a byte order mark', (text) => `\uFEFF${text}`],
  ];

  describe.each(saved)('saved %s', (_, save) => {
    it.each(inText)('tells the same of $name', async (row) => {
      const texts = textsOf(row);
      const other = { gateway: save(String(texts.gateway)), rules: save(String(texts.rules)) };
      expect(await mistakesIn(other)).toEqual(await mistakesIn(texts));
    });
  });

  it.each(inText)('is mended by every corrected line: $name', async (row) => {
    const texts = textsOf(row);
    const told = await mistakesIn(texts);
    for (const mistake of told) {
      if (mistake.correction === undefined) continue;
      const file = mistake.file === 'gateway.yaml' ? 'gateway' : 'rules';
      const text = correctedText(String(texts[file]), mistake.correction);
      expect(text).not.toBe(texts[file]);
      const left = await mistakesIn({ ...texts, [file]: text });
      const same = left.filter(({ line, message }) => line === mistake.line && message === mistake.message);
      expect(same).toEqual([]);
    }
  });

  it('is whole again when every mistake has a corrected line and all are taken over, one after another', async () => {
    const whole: string[] = [];
    const leftover: string[] = [];
    for (const row of inText) {
      let texts = textsOf(row);
      if (!(await mistakesIn(texts)).every(({ correction }) => correction !== undefined)) continue;
      for (let round = 0; round < 10; round += 1) {
        const [first] = await mistakesIn(texts);
        if (first?.correction === undefined) break;
        const file = first.file === 'gateway.yaml' ? 'gateway' : 'rules';
        texts = { ...texts, [file]: correctedText(String(texts[file]), first.correction) };
      }
      const left = (await mistakesIn(texts)).map(renderMistake);
      if (left.length === 0) whole.push(row.name);
      else leftover.push(row.name);
    }
    // Their paths can only be judged once they can be read, and are others than the sound file's; the share is no place.
    expect(leftover).toEqual([
      'two stars without quotes',
      'a star in front',
      'a path with braces in a mapping of one line',
      'a share of Windows in double quotes',
    ]);
    expect(whole.length).toBeGreaterThan(60);
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
