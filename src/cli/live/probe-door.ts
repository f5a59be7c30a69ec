// Whether people can go to the EHR past the gateway, as far as that shows from the gateway's own machine: it must reach the EHR,
// so for an EHR elsewhere only a workstation can tell. What was not seen is said.

import { lookup } from 'node:dns/promises';
import { isLoopback } from '../../config/network.ts';
import type { ApplicationSettings } from '../../config/settings.ts';
import { findings } from './finding.ts';
import type { Finding } from './finding.ts';
import { isOwnOnly, systemDns } from './probe-dns.ts';
import { portOf, reaches } from './reaches.ts';

const connectSeconds = 3;
/** Where EHRs usually listen besides: Apache, Tomcat, Orthanc. */
const usualPorts = [80, 443, 8042, 8080, 8443];

export interface Door {
  readonly finding: Finding;
  /** Where the EHR listens, and from which address the gateway comes: what a firewall rule is made of. */
  readonly host: string;
  readonly port: number;
  readonly from: string | null;
  readonly isOnThisMachine: boolean;
}

/** `ownAddresses` are those of this machine, as `systemDns` tells them. */
export async function probeDoor(
  { name, upstream }: ApplicationSettings,
  ownAddresses: readonly string[] = systemDns.ownAddresses(),
): Promise<Door> {
  const { hostname } = new URL(upstream);
  const port = portOf(upstream);
  const reached = await reaches(hostname, port, connectSeconds);
  const addresses = await addressesOf(hostname);
  const isOnThisMachine = isLoopback(hostname) || addresses.some((address) => ownAddresses.includes(address));
  const finding = isOnThisMachine
    ? await withinMachine(name, port, ownAddresses)
    : await elsewhere(name, hostname, port, reached.reached);
  return { finding, host: hostname, port, from: reached.reached ? reached.localAddress : null, isOnThisMachine };
}

/** A connection to an address of one's own passes no firewall, so an open port here may be shut to others all the same. */
async function withinMachine(name: string, port: number, ownAddresses: readonly string[]): Promise<Finding> {
  const say = findings('door', name);
  const outward = ownAddresses.filter((address) => !isOwnOnly(address));
  const open = await reachable(outward.map((address) => [address, port] as const));
  if (open.length === 0) {
    return say.ok(`Closed: the EHR listens on this machine alone, at port ${port}, and at none of its addresses in the network`);
  }
  const says = `The EHR on this machine listens at ${open.join(', ')} too; a firewall may shut that to others, which does not show from here`;
  return say.warning(says, `let it listen on 127.0.0.1 alone, and try it from a workstation: ${fromWorkstation(open[0] ?? '')}`);
}

async function elsewhere(name: string, hostname: string, port: number, isReached: boolean): Promise<Finding> {
  const say = findings('door', name);
  if (!isReached) return say.unknown('The EHR is not reached from here, so nothing can be said of its door');
  const more = await reachable(usualPorts.filter((one) => one !== port).map((one) => [hostname, one] as const));
  const besides = more.length === 0 ? '' : `; it also listens at ${more.join(', ')}, which must be shut as well`;
  return say.unknown(
    `Open to this machine, as it must be; whether it is shut to others does not show from here${besides}`,
    `try it from a workstation: ${fromWorkstation(`${hostname}:${port}`)}`,
  );
}

/** What is there on every Windows machine; it must say `TcpTestSucceeded : False`. */
function fromWorkstation(at: string): string {
  const [, host = at, port = ''] = /^(.*):(\d+)$/.exec(at) ?? [];
  const name = host.replace(/^\[(.*)\]$/, '$1');
  return `Test-NetConnection ${name} -Port ${port} in PowerShell must say False for TcpTestSucceeded`;
}

async function reachable(places: readonly (readonly [host: string, port: number])[]): Promise<readonly string[]> {
  const tried = await Promise.all(
    places.map(async ([host, port]) => {
      const { reached } = await reaches(host, port, connectSeconds);
      return reached ? [`${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}`] : [];
    }),
  );
  return tried.flat();
}

async function addressesOf(hostname: string): Promise<readonly string[]> {
  const found = await lookup(hostname.replace(/^\[(.*)\]$/, '$1'), { all: true }).catch(() => []);
  return found.map(({ address }) => address);
}
