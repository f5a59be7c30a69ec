// The rules about size and names: what keeps a file readable in one sitting. Part of the layer rules.

import type { LayerRule } from './layer-rules.ts';

/** Lines, by law; the habit is half of each. */
export const maxFileLines = 300;
export const maxFunctionLines = 50;

const emptyNames = new Set(['util', 'utils', 'helper', 'helpers', 'common', 'manager', 'misc']);

const sayingNames: LayerRule = {
  name: 'saying-names',
  reason: 'a name that says nothing collects everything',
  check: (sources) =>
    sources.flatMap((source) => {
      const words = source.path.replace(/\.ts$/, '').toLowerCase().split(/[/-]/);
      const empty = words.find((word) => emptyNames.has(word));
      if (empty === undefined) return [];
      return [{ file: source.path, line: 1, message: `"${empty}" does not say what is in it` }];
    }),
};

const kebabNames: LayerRule = {
  name: 'kebab-names',
  reason: 'one way of writing names means nobody has to look one up',
  check: (sources) =>
    sources
      .filter((source) => !/^[a-z0-9]+(?:[/-][a-z0-9]+)*(?:\.test)?\.ts$/.test(source.path))
      .map((source) => ({ file: source.path, line: 1, message: 'file and folder names are lower case with hyphens' })),
};

const noBarrels: LayerRule = {
  name: 'no-barrels',
  reason: 'a file that only passes others on hides who needs whom',
  check: (sources) =>
    sources
      .filter((source) => /(?:^|\/)index\.ts$/.test(source.path))
      .map((source) => ({ file: source.path, line: 1, message: 'an index.ts is a barrel; import the file itself' })),
};

const opensWithAComment: LayerRule = {
  name: 'opens-with-a-comment',
  reason: 'a reader learns in the first line what a file is for and what it never does',
  check: (sources) =>
    sources
      .filter((source) => !/^(?:#![^\n]*\n)?(?:\/\/ \S|\/\*\*? ?\S?)/.test(source.text))
      .map((source) => ({ file: source.path, line: 1, message: 'the file must open with a comment that says what it is for' })),
};

const fileSize: LayerRule = {
  name: 'file-size',
  reason: `a file over ${maxFileLines} lines holds more than one thing`,
  check: (sources) =>
    sources.flatMap((source) => {
      // All words of one language: a table that grows by a line for each, and that whoever translates wants in one piece.
      if (/^src\/pages\/languages\/[a-z]+\.ts$/.test(source.path)) return [];
      const lines = source.text.replace(/\n$/, '').split('\n').length;
      if (lines <= maxFileLines) return [];
      return [{ file: source.path, line: maxFileLines + 1, message: `${lines} lines, at most ${maxFileLines} are allowed` }];
    }),
};

const functionSize: LayerRule = {
  name: 'function-size',
  reason: `a function over ${maxFunctionLines} lines does not fit on a screen`,
  check: (sources) =>
    sources.flatMap((source) =>
      source.functions.flatMap((one) => {
        const lines = one.lastLine - one.firstLine + 1;
        if (lines <= maxFunctionLines) return [];
        const message = `function "${one.name}" has ${lines} lines, at most ${maxFunctionLines} are allowed`;
        return [{ file: source.path, line: one.firstLine, message }];
      }),
    ),
};

export const sizeRules: readonly LayerRule[] = [sayingNames, kebabNames, noBarrels, opensWithAComment, fileSize, functionSize];
