// "A page of ours failed" stood in the log with the code of the fault and the name of its class: an error has no words of its own in
// JSON, so that Redis refusing a right and a database that was gone looked the same. Two dozen lines handed their cause over so.

import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

const adapter = new URL('../../src/adapters/operations-log-pino.ts', import.meta.url).href;

/** What a gateway's log has of it. */
function logged(cause: string): unknown {
  const program = `const { pinoLog } = await import(${JSON.stringify(adapter)}); pinoLog('info', 1).error({ cause: ${cause} }, 'It failed');`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
  return (JSON.parse(stdout) as { cause?: unknown }).cause;
}

test.each<[what: string, cause: string, words: unknown]>([
  ['an error', "new Error('NOPERM no right')", 'Error: NOPERM no right'],
  [
    'what was behind it',
    "new Error('No budget', { cause: new TypeError('NOPERM no right') })",
    'Error: No budget; TypeError: NOPERM no right',
  ],
  ['what was no JSON, without its text', `(() => { try { JSON.parse('Rosa has') } catch (e) { return e } })()`, 'SyntaxError'],
  ['what a column does not take, without it', `Object.assign(new Error('invalid: "Rosa"'), { code: '22P02' })`, 'Error'],
  ['what is no error', "'just words'", 'just words'],
])('%s', (_what, cause, words) => {
  expect(logged(cause)).toEqual(words);
});
