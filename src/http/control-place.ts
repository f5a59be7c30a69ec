// Where commands find the running gateway: a socket in its data directory, which nobody but its own account may enter; on
// Windows a named pipe, whose name follows from that directory.

import { hash } from 'node:crypto';
import { join, resolve } from 'node:path';

export type ControlPlace = { readonly usable: true; readonly path: string } | { readonly usable: false; readonly why: string };

/** What every system takes as the path of a socket, bytes: macOS has room for 104 with the zero that ends it. */
const mostPathBytes = 103;

export function controlPlace(dataDirectory: string, platform: NodeJS.Platform = process.platform): ControlPlace {
  if (platform === 'win32') {
    const name = hash('sha256', resolve(dataDirectory).toLowerCase(), 'hex').slice(0, 32);
    return { usable: true, path: `\\\\.\\pipe\\wardgate-${name}` };
  }
  const path = join(resolve(dataDirectory), 'control.sock');
  const bytes = Buffer.byteLength(path);
  if (bytes <= mostPathBytes) return { usable: true, path };
  const why = `the path "${path}" is ${bytes} bytes long and a socket takes ${mostPathBytes}; give "dataDirectory" a shorter path`;
  return { usable: false, why };
}
