// A download that somebody has started and does not read, so that it is under way for as long as a story wants.

import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { CookieClient } from './cookie-client.ts';

/** Resolves with its head; the demo's EHR sends as many megabytes as it is asked for. */
export function unreadDownload(client: CookieClient, origin: string): Promise<IncomingMessage> {
  const { hostname, port } = new URL(origin);
  const headers = { cookie: client.cookieHeader(origin) };
  return new Promise((resolve, reject) => {
    const asked = request({ host: hostname, port, path: '/files/large?megabytes=64', headers, agent: false }, (reply) => {
      reply.on('error', () => undefined).pause();
      resolve(reply);
    });
    asked.on('error', reject).end();
  });
}

/** Whether it came whole, once it is over. */
export async function cameWhole(running: IncomingMessage): Promise<boolean> {
  await new Promise((resolve) => running.once('close', resolve).resume());
  return running.complete;
}
