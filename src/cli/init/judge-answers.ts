// Asks the loader of the product what it thinks of the answers, before anything is written: what it takes here, `check`
// and `start` take afterwards.

import { join } from 'node:path';
import { loadConfiguration } from '../../config/load.ts';
import type { Mistake } from '../../config/mistake.ts';
import { maxFileBytes } from '../../config/yaml-source.ts';
import type { Answers } from './answers.ts';
import { gatewayText } from './gateway-text.ts';
import { rulesText } from './rules-text.ts';

export interface Judged {
  readonly texts: { readonly gateway: string; readonly rules: string };
  /** In words; none where the files can be used. */
  readonly problems: readonly string[];
  /** What is missing on this machine so far, such as the certificate. */
  readonly warnings: readonly Mistake[];
}

/** Paths are seen from the directory in which the files are going to stand. */
export async function judgeAnswers(answers: Answers, directory: string): Promise<Judged> {
  const texts = { gateway: gatewayText(answers), rules: rulesText(answers) };
  if (Buffer.byteLength(texts.gateway) > maxFileBytes || Buffer.byteLength(texts.rules) > maxFileBytes) {
    return { texts, problems: [`Answers make a file larger than ${maxFileBytes / 1024} KiB, which is never read`], warnings: [] };
  }
  const loaded = await loadConfiguration(join(directory, 'gateway.yaml'), { secrets: 'optional', texts });
  if (loaded.ok) return { texts, problems: [], warnings: loaded.warnings };
  return { texts, problems: loaded.mistakes.map(inWords), warnings: [] };
}

function inWords({ message, suggestion }: Mistake): string {
  return suggestion === undefined ? message : `${message}, did you mean "${suggestion}"?`;
}
