// Peers that the bench looks for and cannot start yet: where one is here, its targets are not met, rather than left out.

import type { Peer } from '../peer.ts';

export const pomerium: Peer = notYet('pomerium', 'Pomerium', ['pomerium']);

export const authelia: Peer = notYet('authelia', 'Authelia behind nginx', ['authelia', 'nginx']);

function notYet(key: string, name: string, needs: readonly string[]): Peer {
  const start = (): never => {
    throw new Error('the bench does not know how to start it yet');
  };
  return { key, name, authenticates: true, needs, start };
}
