// Compares this machine's clock with what the provider and the EHRs say in their Date header (RFC 9110, 6.6.1), which counts
// in whole seconds. Codes from phones allow half a minute, tokens of the provider one.

import { readFileSync } from 'node:fs';
import { clockToleranceSeconds } from '../../adapters/id-token-checks.ts';
import type { Settings } from '../../config/settings.ts';
import { ask, isUnanswered } from './ask.ts';
import { findings } from './finding.ts';
import type { Finding } from './finding.ts';

/** What a whole second and the way there can hide. */
const unseenSeconds = 2;

interface Other {
  readonly name: string;
  readonly url: string;
  readonly trustFile: string | null;
  readonly isProvider: boolean;
}

export function probeClock({ signIn, applications }: Settings, signal: AbortSignal): Promise<readonly Finding[]> {
  const provider = { name: 'provider', url: discoveryAddress(signIn.issuer), trustFile: signIn.trustFile, isProvider: true };
  const ehrs = [...applications.values()].map(({ name, upstream, trustFile, root = '' }) => ({
    name,
    url: `${upstream}${root}/`,
    trustFile,
    isProvider: false,
  }));
  return Promise.all([provider, ...ehrs].map((other) => compare(other, signal)));
}

export function discoveryAddress(issuer: string): string {
  return `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
}

async function compare({ name, url, trustFile, isProvider }: Other, signal: AbortSignal): Promise<Finding> {
  const say = findings('clock', name);
  const ca = trustFile === null ? null : readFileSync(trustFile, 'utf8');
  const answer = await ask({ url, ca, believes: true, signal });
  if (isUnanswered(answer)) return say.unknown(`Cannot be compared: ${answer.says}`);
  const told = Date.parse(answer.headers.date ?? '');
  if (Number.isNaN(told)) return say.unknown('It does not say what time it is');
  return judgeOffset(name, (answer.at - told - 500) / 1000, isProvider);
}

/** `seconds` is how far this machine is ahead. */
export function judgeOffset(name: string, seconds: number, isProvider: boolean): Finding {
  const say = findings('clock', name);
  const size = Math.abs(seconds);
  if (size <= unseenSeconds) return say.ok(`This machine and it agree to within ${unseenSeconds} seconds`);
  const says = `This machine is ${Math.round(size)} seconds ${seconds > 0 ? 'ahead of' : 'behind'} it`;
  const fix = 'set both by the same time server (NTP), such as the domain controller';
  if (isProvider && size > clockToleranceSeconds) return say.failed(`${says}, so its tokens are refused`, fix);
  return size > 10 ? say.warning(says, fix) : say.ok(says);
}
