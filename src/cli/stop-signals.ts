// The signals that stop a command which runs until it is told to. The first one asks it to finish; the second one says that
// it takes too long. Further ones change nothing. It never ends the process itself, so that the audit can be flushed.
// npm starts a command through a shell and passes its signals to that shell alone, which ends without a word to us; a
// process that npm runs therefore takes the end of its parent for the first signal. Other parents may leave as they like.

import { startedByNpm } from '../config/environment.ts';

export interface StopSignals {
  readonly first: Promise<void>;
  readonly second: Promise<void>;
}

const lookMilliseconds = 250;

/** Listens for SIGTERM and SIGINT from now on. */
export function stopSignals(): StopSignals {
  const first = Promise.withResolvers<void>();
  const second = Promise.withResolvers<void>();
  let told = 0;
  const tell = (): void => {
    told += 1;
    if (told === 1) first.resolve();
    else second.resolve();
  };
  process.on('SIGTERM', tell).on('SIGINT', tell);
  if (startedByNpm())
    whenParentEnds(() => {
      if (told === 0) tell();
    });
  return { first: first.promise, second: second.promise };
}

/** The system gives an orphan another parent, and tells nobody. */
function whenParentEnds(then: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    then();
  }, lookMilliseconds);
  timer.unref();
}
