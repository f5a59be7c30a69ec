// The script in the EHR's pages is put together from parts that share their names: each language must be one program.

import { Script } from 'node:vm';
import { expect, test } from 'vitest';
import { languages } from '../../src/core/language/language.ts';
import { makePageScript } from '../../src/pages/page-script/page-script.ts';

test.each(languages)('the page script in %s is a program', (language) => {
  expect(() => new Script(makePageScript(language, '/icon.svg'))).not.toThrow();
});
