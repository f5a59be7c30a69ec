// `wardgate simulate`: writes a made-up clinic, the traffic it causes and the wrongs that were put into it, the same for the same
// seed. Whoever builds detectors, or wants to see ours at work, tries them on it; no gateway is touched.

import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { simulatedClinic } from '../simulate/simulated-clinic.ts';
import { simulatedFiles } from '../simulate/simulated-files.ts';
import { terminal } from './printer.ts';
import type { Printer } from './printer.ts';
import { UsageProblem, judged } from './usage-problem.ts';

const usage = 'wardgate simulate --to DIRECTORY [--seed 1]';

/** Exit code: 0 written, 1 where a file cannot be written or is there already, 2 wrong usage. */
export function simulateCommand(args: string[], print: Printer = terminal): Promise<number> {
  return judged(usage, print, async () => {
    const { to, seed } = parseArgs({
      args,
      options: { to: { type: 'string' }, seed: { type: 'string', default: '1' } },
    }).values;
    if (to === undefined) throw new UsageProblem('Say where the files go, with --to DIRECTORY');
    if (!/^\d{1,9}$/.test(seed)) throw new UsageProblem(`Value "${seed}" of --seed is not a whole number of at most nine digits`);
    await mkdir(to, { recursive: true });
    for (const { name, lines } of simulatedFiles(simulatedClinic(Number(seed)))) {
      const path = join(to, name);
      await pipeline(Readable.from(withNewlines(lines)), createWriteStream(path, { flags: 'wx' }));
      print.out(path);
    }
    return 0;
  });
}

function* withNewlines(lines: Iterable<string>): Iterable<string> {
  for (const line of lines) yield `${line}\n`;
}
