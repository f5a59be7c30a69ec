// All that `check --live` looks at, in the order in which it is told.

import type { Configuration } from '../../config/settings.ts';
import { closingWords } from './close-door.ts';
import { findings } from './finding.ts';
import type { Finding, Probe } from './finding.ts';
import { probeAddresses, probeCertificate } from './probe-certificate.ts';
import { probeClient } from './probe-client.ts';
import { probeClock } from './probe-clock.ts';
import { probeDisk } from './probe-disk.ts';
import { probeDns, systemDns } from './probe-dns.ts';
import { probeDoor } from './probe-door.ts';
import { probeEhr } from './probe-ehr.ts';
import { probeProvider } from './probe-provider.ts';
import { probeStore } from './probe-store.ts';
import { runProbes } from './run-probes.ts';
import { trySignIn } from './sign-in.ts';
import type { SignInTried } from './sign-in.ts';

export interface LiveChecked {
  readonly found: readonly Finding[];
  readonly claims: SignInTried['claims'];
  /** How to close the direct doors that were not seen to be closed; lines to print. */
  readonly closing: readonly string[];
}

export interface LiveOptions {
  readonly signIn: boolean;
  readonly tell: (found: readonly Finding[]) => void;
  readonly invite: (address: string) => void;
}

/** Never rejects for what the world is like. */
export async function liveCheck(configuration: Configuration, { signIn, tell, invite }: LiveOptions): Promise<LiveChecked> {
  const closing: string[] = [];
  const found = await runProbes(probesOf(configuration, closing), tell);
  const tried: SignInTried = signIn ? await trySignIn(configuration, invite) : { found: [notTried], claims: null };
  tell(tried.found);
  return { found: [...found, ...tried.found], claims: tried.claims, closing };
}

const notTried = findings('sign-in').unknown(
  'Which claims really come only a sign-in shows',
  'stop the gateway and run this again with --sign-in',
);

function probesOf({ settings }: Configuration, closing: string[]): readonly Probe[] {
  const { applications, listen, audit } = settings;
  const doors = [...applications.values()].map((application) => ({
    name: 'door',
    seconds: 15,
    run: async () => {
      const door = await probeDoor(application);
      if (door.finding.verdict !== 'ok') closing.push(...closingWords(application.name, door));
      return [door.finding];
    },
  }));
  return [
    { name: 'dns', seconds: 10, run: () => probeDns(systemDns, applications.values(), listen) },
    { name: 'certificate', seconds: 10, run: () => probeCertificate(settings) },
    { name: 'address', seconds: 15, run: (signal) => probeAddresses(settings, signal) },
    { name: 'clock', seconds: 15, run: (signal) => probeClock(settings, signal) },
    { name: 'provider', seconds: 20, run: (signal) => probeProvider(settings, signal) },
    { name: 'client', seconds: 20, run: (signal) => probeClient(settings, signal) },
    ...[...applications.values()].map((application): Probe => ({
      name: 'ehr',
      seconds: 60,
      run: (signal) => probeEhr(application, settings, signal),
    })),
    ...doors,
    { name: 'disk', seconds: 20, run: () => probeDisk(audit) },
    { name: 'redis', seconds: 5, run: () => probeStore(settings) },
  ];
}
