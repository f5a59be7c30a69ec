// Where state is kept. One process keeps it in embedded databases; there is no other kind yet, and a shared one is looked at
// here once there is.

import type { Settings } from '../../config/settings.ts';
import { findings } from './finding.ts';
import type { Finding } from './finding.ts';

export function probeStore({ dataDirectory }: Pick<Settings, 'dataDirectory'>): Promise<readonly Finding[]> {
  const says = `Not configured: state is kept in "${dataDirectory}", in databases of the gateway's own, which need no server`;
  return Promise.resolve([findings('redis').ok(says)]);
}
