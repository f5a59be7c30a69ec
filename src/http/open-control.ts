// Opens the way for commands, or says why there is none: people work without it, so it keeps no gateway from starting, but
// whoever runs it must hear of it before they need it.

import type { OrderReply } from '../control-ports.ts';
import type { OperationsLog } from '../ports.ts';
import { controlPlace } from './control-place.ts';
import { controlServer } from './control-server.ts';

export interface Control {
  /** Why no command reaches this gateway; empty where they do. */
  readonly notices: () => readonly string[];
  readonly close: () => Promise<void>;
}

/** Never rejects. */
export async function openControl(
  dataDirectory: string,
  take: (value: unknown) => Promise<OrderReply>,
  log: OperationsLog,
): Promise<Control> {
  const place = controlPlace(dataDirectory);
  if (!place.usable) return closed(place.why, log);
  try {
    const server = await controlServer(place.path, take);
    return { notices: () => [], close: server.close };
  } catch (cause) {
    return closed(cause instanceof Error ? cause.message : String(cause), log);
  }
}

function closed(why: string, log: OperationsLog): Control {
  log.error({ why }, 'Commands cannot reach this gateway');
  return { notices: () => [`commands cannot reach this gateway: ${why}`], close: async () => Promise.resolve() };
}
