// A gateway in a process of its own whose wall clock a test can set.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Clinic } from './clinic.ts';
import { gatewayProcess } from './command.ts';
import type { Command } from './command.ts';

const jump = fileURLToPath(new URL('./jump-the-clock.ts', import.meta.url));

export interface JumpingGateway extends Command {
  /** How far its clock is ahead of the machine's from now on; below zero: behind. */
  readonly clockAhead: (by: { readonly hours?: number; readonly seconds?: number }) => Promise<void>;
}

export async function jumpingGateway(place: Clinic): Promise<JumpingGateway> {
  const file = join(place.directory, 'clock-ahead');
  writeFileSync(file, '0');
  const running = await gatewayProcess(place.file, { flags: ['--import', jump], env: { WARDGATE_TEST_AHEAD: file } });
  const clockAhead = async ({
    hours = 0,
    seconds = 0,
  }: {
    readonly hours?: number;
    readonly seconds?: number;
  }): Promise<void> => {
    writeFileSync(file, String((hours * 3600 + seconds) * 1000));
    // It looks at the file again after twenty milliseconds; a request in between is one of before.
    await new Promise((resolve) => setTimeout(resolve, 100));
  };
  return { ...running, clockAhead };
}
