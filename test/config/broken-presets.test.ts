import { describe, expect, it } from 'vitest';
import { renderMistake } from '../../src/config/mistake.ts';
import type { Mistake } from '../../src/config/mistake.ts';
import type { BrokenPreset } from './broken-preset.ts';
import { brokenPresetKeys } from './broken-preset-keys.ts';
import { brokenPresetTraps } from './broken-preset-traps.ts';
import { brokenRecipeSteps } from './broken-recipe-steps.ts';
import { brokenReplyTests } from './broken-reply-tests.ts';
import { brokenSignOns } from './broken-sign-ons.ts';
import { correctedText } from './corrected-text.ts';
import { fullGateway, fullPreset, loadWithPreset } from './full-preset.ts';

const rows = [...brokenPresetTraps, ...brokenPresetKeys, ...brokenRecipeSteps, ...brokenReplyTests, ...brokenSignOns];

interface Texts {
  readonly preset: string;
  readonly gateway: string;
}

function textsOf({ file, change }: Pick<BrokenPreset, 'file' | 'change'>): Texts {
  const texts = { preset: fullPreset, gateway: fullGateway };
  for (const [from, to] of change) {
    expect(texts[file]).toContain(from);
    texts[file] = texts[file].replace(from, () => to);
  }
  return texts;
}

async function mistakesIn({ gateway, preset }: Texts): Promise<readonly Mistake[]> {
  const { loaded, written } = await loadWithPreset(gateway, preset);
  const shown = (text: string): string => text.replaceAll(`${written.directory}/`, '');
  return loaded.ok
    ? []
    : loaded.mistakes.map((mistake) => ({ ...mistake, file: shown(mistake.file), message: shown(mistake.message) }));
}

describe('a broken sign-on', () => {
  it.each(rows)('names $name', async ({ file, change, answers }) => {
    const texts = textsOf({ file, change });
    const { loaded, written } = await loadWithPreset(texts.gateway, texts.preset);
    const told = loaded.ok ? [] : loaded.mistakes.map((mistake) => renderMistake(mistake).slice(written.directory.length + 1));
    expect(told.map((line, index) => (line.startsWith(answers[index] ?? '\n') ? answers[index] : line))).toEqual(answers);
    expect(told.join('\n')).not.toContain('hunter2');
  });

  it.each(rows)('is mended by every corrected line: $name', async ({ file, change }) => {
    const texts = textsOf({ file, change });
    for (const mistake of await mistakesIn(texts)) {
      if (mistake.correction === undefined) continue;
      const key = mistake.file === 'gateway.yaml' ? 'gateway' : 'preset';
      const text = correctedText(texts[key], mistake.correction);
      expect(text).not.toBe(texts[key]);
      const left = await mistakesIn({ ...texts, [key]: text });
      expect(left.filter(({ line, message }) => line === mistake.line && message === mistake.message)).toEqual([]);
    }
  });

  it('is another one in every row', () => {
    expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length);
  });
});
