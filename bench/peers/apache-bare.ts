// Apache as a bare proxy. It asks nobody who they are.

import type { Peer } from '../peer.ts';
import { apache, apacheNeeds } from './apache-configuration.ts';

export const apacheBare: Peer = {
  key: 'apache-bare',
  name: 'Apache, bare proxy',
  authenticates: false,
  needs: apacheNeeds(),
  start: (ground) => apache(ground),
};
