// The signals that stop a command which runs until it is told to. The first one asks it to finish; the second one says that
// it takes too long. Further ones change nothing. It never ends the process itself, so that the audit can be flushed.

export interface StopSignals {
  readonly first: Promise<void>;
  readonly second: Promise<void>;
}

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
  return { first: first.promise, second: second.promise };
}
