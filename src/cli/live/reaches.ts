// Whether something listens at an address, by opening a connection and closing it again.

import { connect } from 'node:net';

export type Reached =
  | { readonly reached: true; readonly localAddress: string }
  /** `code` is Node's; `ETIMEDOUT` where nothing came back. */
  | { readonly reached: false; readonly code: string };

/** Never rejects. `host` may be an IPv6 address in brackets. */
export function reaches(host: string, port: number, seconds: number): Promise<Reached> {
  return new Promise((resolve) => {
    const socket = connect({ host: host.replace(/^\[(.*)\]$/, '$1'), port });
    const end = (reached: Reached): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(reached);
    };
    const timer = setTimeout(() => end({ reached: false, code: 'ETIMEDOUT' }), seconds * 1000);
    socket.once('connect', () => end({ reached: true, localAddress: socket.localAddress ?? '' }));
    socket.once('error', (cause: NodeJS.ErrnoException) => end({ reached: false, code: cause.code ?? cause.message }));
  });
}

/** The port of an origin, written or not. */
export function portOf(origin: string): number {
  const { port, protocol } = new URL(origin);
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
}
