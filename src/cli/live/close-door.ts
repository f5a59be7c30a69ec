// How to close the direct door to an EHR: commands for the firewall of the machine it runs on, with the addresses and ports of
// this clinic filled in, so that they can be copied.

import { isIPv4 } from 'node:net';

export interface DoorToClose {
  /** The name or address of the EHR's machine. */
  readonly host: string;
  readonly port: number;
  /** The address from which the gateway comes; null where it did not get there. */
  readonly from: string | null;
  readonly isOnThisMachine: boolean;
}

/** Lines to print; the first is a heading. */
export function closingWords(name: string, { host, port, from, isOnThisMachine }: DoorToClose): readonly string[] {
  const heading = `To close the direct door of "${name}" (${host}, port ${port})`;
  if (isOnThisMachine) return [`${heading}, on this machine:`, ...onThisMachine(port)];
  const gateway = from === null || !isIPv4(from) ? null : from;
  const shown = gateway ?? 'GATEWAY';
  const note =
    gateway === null ? ['  GATEWAY stands for the IPv4 address of this machine, which did not get there just now'] : [];
  return [
    `${heading}, on the machine of the EHR, so that only the gateway (${shown}) gets in:`,
    ...note,
    '  Windows, in an administrator PowerShell; what is blocked stays so whatever else is allowed:',
    `    ${windowsRule(name, port, gateway)}`,
    '  Linux with nftables:',
    `    nft insert rule inet filter input tcp dport ${port} ip saddr != ${shown} drop`,
    '  Linux with iptables:',
    `    iptables -I INPUT -p tcp --dport ${port} ! -s ${shown} -j DROP; ip6tables -I INPUT -p tcp --dport ${port} -j DROP`,
    '  Make it last: nft list ruleset > /etc/nftables.conf, or iptables-save. Shut its other ports in the same way.',
    `  Then try it from a workstation, while the EHR runs: wardgate check --door http://${host}:${port}, or Test-NetConnection ${host} -Port ${port}`,
  ];
}

function onThisMachine(port: number): readonly string[] {
  return [
    `  Apache:  Listen 127.0.0.1:${port}`,
    `  nginx:   listen 127.0.0.1:${port};`,
    `  Tomcat:  address="127.0.0.1" in its Connector`,
    '  IIS:     127.0.0.1 as IP address in the binding of the site',
    '  Docker:  publish it as 127.0.0.1:PORT:PORT, because published ports go past the firewall of the machine',
  ];
}

/** In the firewall of Windows a block outweighs every allowance, so everybody but the gateway is blocked. */
function windowsRule(name: string, port: number, gateway: string | null): string {
  const everybodyElse = gateway === null ? 'RANGES-WITHOUT-GATEWAY' : around(gateway).join(',');
  return `New-NetFirewallRule -DisplayName "${name}: only by Wardgate" -Direction Inbound -Protocol TCP -LocalPort ${port} -Action Block -RemoteAddress ${everybodyElse}`;
}

/** The two ranges that hold every IPv4 address but this one. */
export function around(address: string): readonly string[] {
  const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const last = 2 ** 32 - 1;
  const ranges: readonly (readonly [number, number])[] = [
    [1, number - 1],
    [number + 1, last],
  ];
  return ranges.filter(([from, to]) => from <= to).map(([from, to]) => `${written(from)}-${written(to)}`);
}

function written(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
}
