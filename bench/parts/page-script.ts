// Target 8: the script that the gateway puts into the EHR's pages adds next to nothing, and the page is not held back for it:
// its first half is there while the second has not been written yet.

import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { atMost } from '../goals.ts';
import { startTarget } from '../measure.ts';
import type { Target } from '../measure.ts';
import { startSized } from '../orders.ts';
import type { Found, Setting } from '../part.ts';
import { median } from '../summary.ts';

const looks = 400;
const pauseMilliseconds = 500;
const page = '/openemr/interface/chart/page?pid=7';

export async function pageScript({ rounds }: Setting): Promise<Found> {
  const upstream = await startTarget('ehr', './targets/ehr.ts', []);
  const started: Target[] = [upstream];
  try {
    const { port } = upstream.ready;
    const without = await startSized('Wardgate, script off', { upstream: port, application: ', pageScript: off' });
    started.push(without);
    const withScript = await startSized('Wardgate, script on', { upstream: port });
    started.push(withScript);
    await held(without, false);
    for (const target of [without, withScript]) for (let at = 0; at < looks; at += 1) await time(target);
    const taken: { readonly off: number; readonly on: number }[] = [];
    // In turn, page for page: what is busy beside this one is busy for both.
    for (let at = 0; at < looks * rounds; at += 1) taken.push({ off: await time(without), on: await time(withScript) });
    const added = median(taken.map(({ off, on }) => on - off));
    const first = await held(withScript, true);
    const under = 'The script in the pages';
    const figure = (name: string, value: number) => ({ name, value, unit: 'ms', under });
    return {
      rows: [
        figure('one page at a time, script off', median(taken.map(({ off }) => off))),
        figure('one page at a time, script on', median(taken.map(({ on }) => on))),
        figure(`first half of a page that pauses for ${pauseMilliseconds} ms`, first),
      ],
      goals: [
        atMost('8a', 'time that the script adds to a page, ms', added, 1),
        atMost('8b', 'first half of a page, share of the pause before the second', first / pauseMilliseconds, 0.5),
      ],
    };
  } finally {
    for (const target of started) await target.stop();
  }
}

function get({ ready }: Target, path: string, got: (reply: IncomingMessage) => void): void {
  const asked = request({ host: '127.0.0.1', port: ready.port, path, headers: ready.headers }, got);
  asked.on('error', (cause) => {
    throw cause;
  });
  asked.end();
}

/** Milliseconds of one page. */
async function time(target: Target): Promise<number> {
  const began = performance.now();
  await new Promise<void>((resolve, reject) => {
    get(target, page, (reply) => {
      if (reply.statusCode !== 200) reject(new Error(`A page was answered ${reply.statusCode ?? 0}`));
      reply.resume().on('end', resolve);
    });
  });
  return performance.now() - began;
}

/** Milliseconds until the first half is there. Rejects where the script is not as it should be. */
function held(target: Target, wanted: boolean): Promise<number> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    get(target, `/openemr/interface/chart/halves?pid=7&pause=${pauseMilliseconds}`, (reply) => {
      let text = '';
      let firstAt: number | null = null;
      reply.on('data', (chunk: Buffer) => {
        text += chunk.toString('latin1');
        if (firstAt === null && text.includes('<pre>')) firstAt = performance.now() - began;
      });
      reply.on('end', () => {
        const has = text.includes('<script src="/.wardgate/');
        if (has !== wanted || firstAt === null) reject(new Error(`The page came ${has ? 'with' : 'without'} the script`));
        else resolve(firstAt);
      });
    });
  });
}
