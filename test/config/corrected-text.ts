// Takes a corrected line over into a text, as somebody with an editor would.

import type { Correction } from '../../src/config/mistake.ts';

export function correctedText(text: string, { line, text: corrected }: Correction): string {
  const lines = text.split('\n');
  const ending = lines[line - 1]?.endsWith('\r') === true ? '\r' : '';
  return lines.with(line - 1, `${corrected}${ending}`).join('\n');
}
