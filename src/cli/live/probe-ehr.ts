// Whether each EHR is there and is the one that is meant: reached as the gateway reaches it, its certificate believed as the
// gateway believes it, and the first steps of its recipe played, without any password.

import { readFileSync } from 'node:fs';
import type { ApplicationSettings, Settings } from '../../config/settings.ts';
import { factsOf } from '../../config/certificate-chain.ts';
import { isLoopback } from '../../config/network.ts';
import { daysLeft, judgeCertificate } from '../../core/tls/judge-certificate.ts';
import { ask, isUnanswered } from './ask.ts';
import type { Answered } from './ask.ts';
import { dryRun } from './dry-run.ts';
import { findings } from './finding.ts';
import type { Finding } from './finding.ts';

export async function probeEhr(
  application: ApplicationSettings,
  { limits }: Settings,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const { name, upstream, trustFile, root = '' } = application;
  const ca = trustFile === null ? null : readFileSync(trustFile, 'utf8');
  const answer = await ask({ url: `${upstream}${root}/`, ca, believes: true, signal });
  if (isUnanswered(answer)) return [findings('ehr', name).failed(`${upstream}: ${answer.says}`, answer.fix)];
  return [reachedLine(application, answer), ...certificateLine(name, answer), await dryRun(application, limits)];
}

function reachedLine({ name, upstream, root = '', plainHttpBecause = null }: ApplicationSettings, answer: Answered): Finding {
  const say = findings('ehr', name);
  const { protocol, hostname } = new URL(upstream);
  const took = `${upstream}${root}/ answers with status ${answer.status} after ${answer.milliseconds} ms`;
  if (answer.status >= 500) return say.warning(took, 'look at the log of the EHR');
  if (protocol === 'https:') return say.ok(took);
  if (isLoopback(hostname)) return say.ok(`${took}, by http: within this machine`);
  return say.ok(`${took}, by http: without encryption, because "${plainHttpBecause}"`);
}

/** Name and authority were accepted by the handshake; how long that lasts was not. */
function certificateLine(name: string, { chain }: Answered): readonly Finding[] {
  if (chain.length === 0) return [];
  const say = findings('ehr-certificate', name);
  const facts = factsOf(chain, [], []);
  const now = Date.now();
  const ending = judgeCertificate(facts, now).find(({ kind }) => kind === 'ends-soon' || kind === 'expired');
  if (ending !== undefined) return [(ending.isGrave ? say.failed : say.warning)(ending.says, 'renew it at the EHR')];
  return [say.ok(`It is believed (${facts.subject}), ${Math.floor(daysLeft(facts, now))} days left`)];
}
