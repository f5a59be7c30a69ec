// `node bench/exhaustion.ts`: how long somebody who is signed in and works waits for an answer while the gateway is under
// attack, beside how long they wait when all is quiet. Quiet rounds and rounds under the attack take turns and the medians
// count, because only what was measured side by side compares. `--seconds 10` makes the rounds longer, `--rounds 5` takes
// more of them, `--only headers` takes the attacks whose name holds that.

import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { parseArgs } from 'node:util';
import { attacks } from './attack-list.ts';
import type { Attacked } from './targets/attacked-gateway.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string', default: '' },
  },
});
const seconds = Number(values.seconds);
/** People who work, each asking again after a pause. */
const workers = 8;
const thinkMilliseconds = 10;
/** An attack is under way after this. */
const warmMilliseconds = 1500;

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

function start(file: string, args: readonly string[]): ChildProcess {
  return fork(new URL(file, import.meta.url), [...args], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
}

const ehr = start('./targets/attacked-ehr.ts', []);
const [{ origin, issuer }] = (await once(ehr, 'message')) as [{ origin: string; issuer: string }];
const gateway = start('./targets/attacked-gateway.ts', [origin, issuer]);
const [target] = (await once(gateway, 'message')) as [Attacked];
const agent = new Agent({ keepAlive: true });

function askOnce(): Promise<number> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const headers = { cookie: target.worker, host: target.host, accept: 'text/html' };
    const asked = request({ port: target.port, host: '127.0.0.1', path: '/chart?pid=7', headers, agent }, (answer) => {
      answer.resume();
      answer.once('end', () => {
        if (answer.statusCode === 200) resolve(performance.now() - began);
        else reject(new Error(`The worker was answered ${answer.statusCode}`));
      });
    });
    asked.once('error', reject).end();
  });
}

interface Waited {
  readonly p50: number;
  readonly p99: number;
  readonly failed: number;
}

async function work(forSeconds: number): Promise<Waited> {
  const times: number[] = [];
  let failed = 0;
  const until = performance.now() + forSeconds * 1000;
  const worker = async (): Promise<void> => {
    while (performance.now() < until) {
      // A connection that the gateway closed while it was idle is the client's to try again; once is enough to tell.
      await askOnce().then(
        (time) => times.push(time),
        () => (failed += 1),
      );
      await pause(thinkMilliseconds);
    }
  };
  await Promise.all(Array.from({ length: workers }, worker));
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part: number): number => sorted[Math.floor(sorted.length * part)] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99), failed };
}

async function residentMegabytes(): Promise<number> {
  gateway.send('usage');
  const [{ residentBytes }] = (await once(gateway, 'message')) as [{ residentBytes: number }];
  return residentBytes / 1e6;
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

/** What people wait while one attack goes on. */
async function workUnder(name: string): Promise<Waited> {
  const attacker = start('./targets/attacker.ts', [name, JSON.stringify(target)]);
  await pause(warmMilliseconds);
  const waited = await work(seconds);
  attacker.kill();
  await once(attacker, 'exit');
  return waited;
}

async function row(name: string): Promise<string> {
  const quiet: Waited[] = [];
  const under: Waited[] = [];
  const before = await residentMegabytes();
  for (let round = 0; round < Number(values.rounds); round += 1) {
    quiet.push(await work(seconds));
    under.push(await workUnder(name));
    await pause(warmMilliseconds);
  }
  const [p99, attacked] = [median(quiet.map((one) => one.p99)), median(under.map((one) => one.p99))];
  const times = [median(quiet.map((one) => one.p50)), p99, median(under.map((one) => one.p50)), attacked];
  const failed = under.reduce((sum, one) => sum + one.failed, 0);
  const cells = [...times.map((time) => time.toFixed(1)), (attacked / p99).toFixed(2), String(failed)];
  const growth = `${before.toFixed(0)} → ${(await residentMegabytes()).toFixed(0)}`;
  return `${name.padEnd(46)}${cells.map((cell) => cell.padStart(9)).join('')}${growth.padStart(13)}`;
}

await work(3);
const heads = ['quiet p50', 'p99', 'att. p50', 'p99', 'ratio', 'failed'].map((text) => text.padStart(9));
console.log(
  `Node ${process.version}, ${workers} people at work, medians of ${values.rounds} rounds of ${seconds} s, milliseconds\n`,
);
console.log(`${''.padEnd(46)}${heads.join('')}${'RSS MB'.padStart(13)}`);
for (const name of Object.keys(attacks).filter((one) => one.includes(values.only))) console.log(await row(name));
for (const child of [gateway, ehr]) child.disconnect();
agent.destroy();
