// A peer as a target of the bench: started, signed in at where it authenticates, and asked for what its processes have used.

import { CookieClient } from '../test/support/cookie-client.ts';
import type { Usage, Target } from './measure.ts';
import type { Peer } from './peer.ts';
import { PeerGround } from './peer-ground.ts';
import { usageOfTree } from './process-tree.ts';
import { freePort } from '../src/demo/free-port.ts';

const path = '/chart?pid=7';

export interface PeerTarget extends Target {
  readonly peer: Peer;
  stop(): Promise<void>;
}

/** Throws where it does not start, lets strangers in, or does not let in whom it should. */
export async function startPeer(peer: Peer, upstream: number): Promise<PeerTarget> {
  const ground = new PeerGround(await freePort(), upstream);
  try {
    const run = await peer.start(ground);
    const pid = await ground.run(run, ground.port);
    const address = `http://127.0.0.1:${ground.port}${path}`;
    const client = new CookieClient();
    if (peer.authenticates) await signIn(client, address);
    const enter = async (): Promise<void> => {
      const { status } = await client.ask(address);
      if (status !== 200) throw new Error(`${peer.name} answered ${status} to whom it should let in`);
    };
    await enter();
    return {
      peer,
      name: peer.name,
      // Some give the cookie anew every minute: the load goes on with the newest, as a browser would.
      ready: {
        ready: true,
        port: ground.port,
        path,
        get headers() {
          return peer.authenticates ? { cookie: client.cookieHeader(address) } : ({} as Record<string, string>);
        },
      },
      refresh: enter,
      usage: (): Promise<Usage> => Promise.resolve(usageOfTree(pid)),
      stop: () => ground.end(),
    };
  } catch (cause) {
    await ground.end();
    throw cause;
  }
}

/** As a browser would: to the provider, where one click says who it is, and back. */
async function signIn(client: CookieClient, address: string): Promise<void> {
  const stranger = await new CookieClient().ask(address);
  if (stranger.status === 200) throw new Error(`${address} lets in whom it does not know`);
  const question = await client.page(address);
  const entered = await client.form(question.url, { persona: 'physician' });
  if (entered.status !== 200 || new URL(entered.url).host !== new URL(address).host) {
    throw new Error(`Signing in ended at ${entered.url} with ${entered.status}`);
  }
}
