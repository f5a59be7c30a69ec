// Configuration files, whatever somebody saved: they load, or every mistake is told with its place and nothing is used.
// Sound files are cut, doubled and strewn with what YAML knows of traps.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadConfiguration } from '../../src/config/load.ts';
import { renderMistake, Findings } from '../../src/config/mistake.ts';
import { maxFileBytes, parseYamlSource } from '../../src/config/yaml-source.ts';
import { soundGateway, soundRules, writeConfiguration } from '../config/write-configuration.ts';
import { expectBounded, fuzzTimeout, mixedText, runs } from '../support/fuzz.ts';

const pieces = [
  'a: 1\n',
  '- ',
  '  ',
  '\n',
  '&x ',
  '*x',
  '<<: *x\n',
  '!!js/function ',
  '__proto__: 1\n',
  'constructor: {}\n',
  '{',
  '}',
  '[',
  ']',
  '"',
  "'",
  ':',
  ': ',
  '?',
  '|\n',
  '>\n',
  '#',
  '%YAML 1.1\n',
  '---\n',
  '...\n',
  '\t',
  '\u0000',
  '\uFEFF',
  '1e400',
  '.nan',
  '0x1',
  'yes',
  '~',
  '2026-01-01',
  'rules:\n',
  'roles: { a: b }\n',
];

/** A sound file with something put in, taken out or repeated. */
function damaged(sound: string): fc.Arbitrary<string> {
  const place = fc.nat({ max: sound.length });
  return fc.oneof(
    fc.tuple(place, mixedText(pieces, 3)).map(([at, text]) => sound.slice(0, at) + text + sound.slice(at)),
    fc.tuple(place, fc.nat({ max: 40 })).map(([at, length]) => sound.slice(0, at) + sound.slice(at + length)),
    fc.tuple(place, fc.nat({ max: 200 })).map(([at, length]) => sound.slice(0, at + length) + sound.slice(at)),
    mixedText(pieces),
  );
}

test('any text is a value or a list of mistakes', { timeout: fuzzTimeout }, () => {
  fc.assert(
    fc.property(mixedText(pieces), (text) => {
      const findings = new Findings();
      const source = parseYamlSource('x.yaml', Buffer.from(text), findings);
      if (source === null) expect(findings.mistakes.length).toBeGreaterThan(0);
      for (const mistake of findings.mistakes) expect(renderMistake(mistake)).toMatch(/^x\.yaml:\d+:\d+: /);
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    }),
    runs(1000),
  );
});

test('a damaged file loads whole or not at all', { timeout: fuzzTimeout }, async () => {
  const seen = { good: 0, bad: 0 };
  await fc.assert(
    fc.asyncProperty(
      damaged(soundGateway),
      damaged(soundRules),
      fc.constantFrom('gateway', 'rules'),
      async (gateway, rules, which) => {
        const written = await writeConfiguration(
          which === 'gateway' ? gateway : soundGateway,
          which === 'rules' ? rules : soundRules,
        );
        const loaded = await loadConfiguration(written.gateway, { presets: written.presets });
        seen[loaded.ok ? 'good' : 'bad'] += 1;
        if (loaded.ok) return;
        expect(loaded.mistakes.length).toBeGreaterThan(0);
        for (const mistake of loaded.mistakes) expect(renderMistake(mistake).length).toBeLessThan(2000);
      },
    ),
    runs(120),
  );
  expect(seen.bad).toBeGreaterThan(30);
});

test('16 KB of anything ends soon, and a file over the limit is not read', () => {
  const read = (text: string): unknown => parseYamlSource('x.yaml', Buffer.from(text), new Findings());
  expectBounded(['- ', '[', '{', 'a: ', 'a:\n', '"', '&a ', '*a ', '? ', '- [', '\n', '#', '{a: [', '<<: '], read, 16_384);
  const findings = new Findings();
  expect(parseYamlSource('x.yaml', Buffer.alloc(maxFileBytes + 1, 0x61), findings)).toBeNull();
  expect(findings.mistakes.length).toBe(1);
});
