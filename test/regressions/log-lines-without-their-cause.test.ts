// Some thirty lines of the operations log handed over what went wrong as it is, an Error, and JSON shows nothing of one: whoever
// read "The end of a session could not be written" found `"cause":{}` behind it and not which server to look at.

import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

const say = `
  import { pinoLog } from './src/adapters/operations-log-pino.ts';
  const cause = new Error('PostgreSQL did not do it', { cause: new Error('connect ECONNREFUSED') });
  pinoLog('info', 1).warn({ cause, touches: 3 }, 'Touches of sessions could not be written');
`;

test('a line of the log says what went wrong, and why', () => {
  const line = execFileSync(process.execPath, ['--input-type=module-typescript', '--eval', say], { encoding: 'utf8' });
  expect(JSON.parse(line)).toMatchObject({
    cause: 'Error: PostgreSQL did not do it; Error: connect ECONNREFUSED',
    touches: 3,
    msg: 'Touches of sessions could not be written',
  });
});
