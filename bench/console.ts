// `npm run bench:console`: what a request costs in time while somebody has the console's overview open, beside the same without,
// interleaved in one run on one gateway. A request writes two records, so 100 a second are 200 records a second. The page is
// watched as its script does: one look on record, then the figures every second. A machine that is busy measures that.

import { loadavg } from 'node:os';
import { request } from 'node:http';
import { parseArgs } from 'node:util';
import { measure, startTarget } from './measure.ts';
import type { Round, Target } from './measure.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '6' },
    seconds: { type: 'string', default: '6' },
    rate: { type: 'string', default: '100' },
  },
});
const [rounds, seconds, rate] = [Number(values.rounds), Number(values.seconds), Number(values.rate)];
const tickMilliseconds = 1000;
/** What the issue allows. */
const mostMore = 0.1;

function ask({ ready }: Target, path: string): Promise<{ readonly status: number; readonly text: string }> {
  const { 'x-bench-watcher': cookie = '', ...headers } = ready.headers;
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: ready.port, path, headers: { ...headers, cookie } }, (reply) => {
      let text = '';
      reply.on('data', (piece: Buffer) => (text += piece.toString()));
      reply.on('end', () => resolve({ status: reply.statusCode ?? 0, text }));
    });
    asked.on('error', reject).end();
  });
}

/** Opens the page; what is returned closes it and says how many ticks it had. Throws where it is not the overview. */
async function watch(target: Target): Promise<() => number> {
  const { status, text } = await ask(target, '/.wardgate/console/overview');
  const live = /data-live="([^"]+)"/.exec(text)?.[1];
  if (status !== 200 || live === undefined) throw new Error(`The overview was answered ${status}`);
  let ticks = 0;
  const tick = async (): Promise<void> => {
    const reply = await ask(target, live.replaceAll('&amp;', '&'));
    if (reply.status !== 200) throw new Error(`A tick was answered ${reply.status}`);
    ticks += 1;
  };
  const timer = setInterval(() => void tick(), tickMilliseconds);
  return () => {
    clearInterval(timer);
    return ticks;
  };
}

const upstream = await startTarget('upstream', './targets/upstream.ts', []);
const gateway = await startTarget('gateway', './targets/watched-gateway.ts', [String(upstream.ready.port)]);
await measure(gateway, 2, 8, rate);
const closed: Round[] = [];
const open: Round[] = [];
let ticks = 0;
for (let round = 0; round < rounds; round += 1) {
  // Whoever comes first in a round does so in every other one.
  for (const isOpen of round % 2 === 0 ? [false, true] : [true, false]) {
    const close = isOpen ? await watch(gateway) : () => 0;
    (isOpen ? open : closed).push(await measure(gateway, seconds, 8, rate));
    ticks += close();
  }
}
for (const target of [gateway, upstream]) target.stop();

const median = (of: readonly Round[], figure: Exclude<keyof Round, 'beside'>): number =>
  of.map((one) => one[figure]).sort((one, other) => one - other)[Math.floor(of.length / 2)] ?? Number.NaN;
const figures = (of: readonly Round[]) => ({
  p50Milliseconds: median(of, 'p50Milliseconds'),
  p99Milliseconds: median(of, 'p99Milliseconds'),
  microsecondsPerRequest: Math.round(median(of, 'microsecondsPerRequest')),
  requestsPerSecond: Math.round(median(of, 'requestsPerSecond')),
});
const result = { load: loadavg()[0] ?? 0, rounds, seconds, ticks, closed: figures(closed), open: figures(open) };
if (values.json) console.log(JSON.stringify(result));
else {
  const line = (name: string, of: ReturnType<typeof figures>): string =>
    `${name.padEnd(8)}p50 ${of.p50Milliseconds} ms, p99 ${of.p99Milliseconds} ms, ${of.microsecondsPerRequest} µs of processor a request, ${of.requestsPerSecond} requests a second`;
  console.log(`Load ${result.load.toFixed(1)}; medians of ${rounds} rounds of ${seconds} s, interleaved; ${ticks} ticks\n`);
  console.log(`${line('closed', result.closed)}\n${line('open', result.open)}`);
  const met = result.open.p50Milliseconds <= result.closed.p50Milliseconds * (1 + mostMore);
  console.log(`\n${met ? 'met' : 'missed'}  p50 within ${mostMore * 100} % of the console closed`);
}
