// The clinic's logo: which files are taken, and what a mistake says.

import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfiguration } from '../../src/config/load.ts';
import { environment, soundGateway, soundRules, writeConfiguration } from './write-configuration.ts';

const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');

/** The logo as it was read, or the mistake with its line. */
async function load(name: string, content: string | Buffer | null) {
  const gateway = soundGateway.replace('clinic: { ', `clinic: { logo: ${name}, `);
  expect(gateway).not.toBe(soundGateway);
  const written = await writeConfiguration(gateway, soundRules);
  if (content !== null) await writeFile(join(dirname(written.gateway), name), content);
  const loaded = await loadConfiguration(written.gateway, { presets: written.presets, environment });
  if (loaded.ok) return loaded.configuration.settings.clinic.logo;
  return loaded.mistakes.map(({ line, message }) => `${line}: ${message}`).join('\n');
}

test.each([
  ['a drawing', 'logo.svg', '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>', 'image/svg+xml'],
  [
    'one with all that may stand before it',
    'x',
    '\uFEFF<?xml version="1.0"?>\n<!-- a -->\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">\n<svg>\n</svg>',
    'image/svg+xml',
  ],
  ['a picture that is called a drawing', 'logo.svg', png, 'image/png'],
])('%s is taken for what it is', async (_what, name, content, type) => {
  const logo = await load(name, content);
  const ending = type === 'image/png' ? 'png' : 'svg';
  expect(logo).toMatchObject({ type, base64: Buffer.from(content).toString('base64') });
  expect((logo as { address: string }).address).toMatch(new RegExp(`^/\\.wardgate/assets/logo-[0-9a-f]{16}\\.${ending}$`));
});

test.each([
  ['nothing there', null, 'cannot be read, looked for'],
  ['an empty file', '', 'is empty, write an SVG or a PNG'],
  ['a page', '<!doctype html><svg>', 'is neither an SVG nor a PNG by its first bytes'],
  ['a JPEG', Buffer.from('ffd8ffe000104a464946', 'hex'), 'is neither an SVG nor a PNG by its first bytes'],
  ['a script', '<svg><script>1</script></svg>', 'holds a script'],
  ['a script in an attribute', '<svg><g\nonload="1"/></svg>', 'holds a script'],
  ['a page within', '<svg><foreignObject/></svg>', 'holds a script'],
  ['a part from elsewhere', '<svg><image href="https://x.example/a.png"/></svg>', 'loads parts from another address'],
  ['a font from elsewhere', '<svg><style>@import "//x.example/a.css"</style></svg>', 'loads parts from another address'],
  ['too much', Buffer.concat([png, Buffer.alloc(65_530)]), 'is larger than 64 KiB'],
])('%s is told with its line', async (_what, content, told) => {
  expect(await load('my.logo', content)).toMatch(new RegExp(`^\\d+: Logo "my\\.logo" .*${told}`));
});
