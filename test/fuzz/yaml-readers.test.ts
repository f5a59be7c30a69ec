// YAML, however crooked: what the gateway takes of it is what the package `yaml` reads there as well, to the place of every value.
// It may refuse more. Two opinions on one file of rules would be a way round it.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fuzzTimeout, mixedText, runs } from '../support/fuzz.ts';
import { decided, otherwise } from '../support/yaml-shape.ts';

const words = ['a', 'name', 'b c', '01', '0x1f', '1.5', '-.inf', 'true', 'null', '~', 'yes', '"q"', "'s'", '"a\\"b"', "'it''s'", '/x/**', 'http://h:80/p', 'a#b', 'é', '-a', '?a', ':a', '.5', '+1', '"', "'"]; // prettier-ignore
const marks = [': ', ':', '- ', '-', '[', ']', '{', '}', ', ', ',', '? ', '# c', ' #c', '|', '>-', '|2', '&a ', '*a', '!t ', '---', '...', '%Y', '<<: ', '@', '`', '\t']; // prettier-ignore
const breaks = ['\n', '\n', '\n  ', '\n    ', '\n- ', '\n  - ', '\r\n', '\n\n', '\n# c\n', '\n]', '\n}', '\n  ]', ' ', '  '];
const anything = mixedText([...words, ...words, ...marks, ...breaks, ...breaks]);

/** Texts that are mostly sound: most of the above are not, and would show little. */
const scalar = fc.constantFrom(...words.filter((word) => !/^["']$/.test(word)), '');
const tidy = fc.letrec<{ node: string; flow: string }>((tie) => ({
  flow: fc.oneof(
    { weight: 4, arbitrary: scalar },
    fc.array(tie('flow'), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
    fc.array(tie('flow'), { maxLength: 3 }).map((items) => `[ # c\n  ${items.join(',\n  ')}\n]`),
    fc.array(fc.tuple(scalar, tie('flow')), { maxLength: 3 }).map((pairs) => `{ ${pairs.map(([key, value]) => `${key}: ${value}`).join(', ')} }`), // prettier-ignore
  ),
  node: fc.oneof(
    { weight: 3, arbitrary: tie('flow').map((text) => ` ${text}`) },
    { weight: 1, arbitrary: fc.constantFrom(' |', ' >-', ' |+').map((mark) => `${mark}\n  one\n\n  two # no comment\n`) },
    fc.array(tie('node'), { minLength: 1, maxLength: 3 }).map((items) => items.map((item) => `\n-${indented(item)}`).join('')),
    fc
      .array(fc.tuple(scalar, tie('node')), { minLength: 1, maxLength: 3 })
      .map((pairs) => pairs.map(([key, value]) => `\n${key}:${indented(value)}`).join('')),
  ),
}));

function indented(text: string): string {
  return text.replaceAll('\n', '\n  ');
}

test.each([
  ['whatever is typed', anything, 0.01],
  ['what is mostly sound', tidy.node.map((text) => text.replace(/^\n/, '')), 0.3],
] as const)('%s is read as the other reader does, or refused', { timeout: fuzzTimeout }, (_, texts, least) => {
  let [taken, seen] = [0, 0];
  fc.assert(
    fc.property(texts, (text) => {
      seen += 1;
      const found = decided(text);
      if (typeof found === 'object' && found !== null && 'refused' in found) return;
      taken += 1;
      const other = otherwise(text);
      // An empty line of tabs is nothing to one of them, and indentation to the other.
      if (/^ *\t\s*$/m.test(text) && typeof other === 'object' && other !== null && 'refused' in other) return;
      expect(found).toEqual(other);
    }),
    runs(2000),
  );
  // Else nothing would have been compared.
  expect(taken / seen).toBeGreaterThan(least);
});
