// Whether a server accepts a connection at this moment, for whoever looks at the page of health. Nothing is sent, and looks at
// the same server within ten seconds are one.

import { connect } from 'node:net';

const waitMilliseconds = 2000;
const keptMilliseconds = 10_000;
/** Servers are those of the configuration; there are never many. */
const mostKept = 100;

const looks = new Map<string, { readonly at: number; readonly answer: Promise<string | null> }>();

/** Why not, in words; null where it does. Never rejects. */
export function reachOrigin(origin: string): Promise<string | null> {
  const known = looks.get(origin);
  const now = performance.now();
  if (known !== undefined && now - known.at < keptMilliseconds) return known.answer;
  if (looks.size >= mostKept) looks.clear();
  const answer = reach(new URL(origin));
  looks.set(origin, { at: now, answer });
  return answer;
}

function reach({ hostname, port, protocol }: URL): Promise<string | null> {
  return new Promise((resolve) => {
    const host = hostname.replace(/^\[|\]$/g, '');
    const socket = connect({ host, port: Number(port || (protocol === 'https:' ? 443 : 80)), timeout: waitMilliseconds });
    const done = (failure: string | null): void => {
      socket.destroy();
      resolve(failure);
    };
    socket.once('connect', () => done(null));
    socket.once('timeout', () => done(`no answer within ${waitMilliseconds / 1000} seconds`));
    socket.once('error', (cause: NodeJS.ErrnoException) => done(`no connection: ${cause.code ?? 'unknown error'}`));
  });
}
