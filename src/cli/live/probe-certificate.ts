// The certificate that people see: the files first, and then what really answers at the address they type.

import { authoritiesOf, hostsOf } from '../../config/listen-certificate.ts';
import { factsOf } from '../../config/certificate-chain.ts';
import { CertificateUnusable } from '../../config/certificate-unusable.ts';
import { readCertificate } from '../../config/read-certificate.ts';
import type { ApplicationSettings, Settings } from '../../config/settings.ts';
import type { CertificateFacts } from '../../core/tls/certificate-facts.ts';
import { daysLeft, judgeCertificate } from '../../core/tls/judge-certificate.ts';
import { ask, isUnanswered } from './ask.ts';
import { findings } from './finding.ts';
import type { Finding } from './finding.ts';

type Needed = Pick<Settings, 'applications' | 'listen'>;

/** The one in the files, or null where there is none or it cannot be used. */
export async function certificateInFiles({ applications, listen }: Needed): Promise<CertificateFacts | null> {
  const { certificateFile, keyFile, passphraseFile = null } = listen;
  if (certificateFile === null) return null;
  const all = [...applications.values()];
  return (await readCertificate({ certificateFile, keyFile, passphraseFile }, hostsOf(all), await authoritiesOf(all))).facts;
}

export async function probeCertificate(settings: Needed): Promise<readonly Finding[]> {
  const say = findings('certificate');
  const { certificateFile, trustedProxies } = settings.listen;
  if (certificateFile === null) {
    return [
      trustedProxies.length > 0
        ? say.ok('The proxy in front has it; the lines "address" show what people see')
        : say.ok('None is needed: people come from this machine alone'),
    ];
  }
  try {
    const facts = await certificateInFiles(settings);
    return facts === null ? [] : judged('certificate', null, facts, 'the key is its own, ');
  } catch (cause) {
    if (!(cause instanceof CertificateUnusable)) throw cause;
    return [say.failed(cause.message)];
  }
}

/** One line for each thing that is wrong, or one that says what it is. */
function judged(probe: string, of: string | null, facts: CertificateFacts, more: string): readonly Finding[] {
  const say = findings(probe, of);
  const now = Date.now();
  const problems = judgeCertificate(facts, now);
  if (problems.length > 0) {
    return problems.map(({ isGrave, says, fix }) => (isGrave ? say.failed : say.warning)(says, fix));
  }
  const left = Math.floor(daysLeft(facts, now));
  return [say.ok(`For ${facts.names.join(', ')}: ${more}its chain is whole, ${left} days left`)];
}

/** What answers at each address that people type, as seen from here. */
export async function probeAddresses(settings: Needed, signal: AbortSignal): Promise<readonly Finding[]> {
  const inFiles = await certificateInFiles(settings).catch(() => null);
  const each = [...settings.applications.values()].map((one) => probeAddress(one, settings, inFiles, signal));
  return (await Promise.all(each)).flat();
}

/** A page of the gateway that anybody may ask for and that nothing else has. */
const ownPage = '/.wardgate/keys';

async function probeAddress(
  { name, origin, secure }: ApplicationSettings,
  settings: Needed,
  inFiles: CertificateFacts | null,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const say = findings('address', name);
  const answer = await ask({ url: `${origin}${ownPage}`, ca: null, believes: false, signal });
  if (isUnanswered(answer)) {
    const isStopped = answer.code === 'ECONNREFUSED';
    return [
      say.unknown(
        `Nothing can be seen at ${origin}: ${answer.says}`,
        isStopped ? 'start the gateway, and check again' : answer.fix,
      ),
    ];
  }
  if (answer.status !== 200 || !answer.body.includes('"keys"')) {
    const fix = 'look where its name leads, and what else listens there';
    return [say.failed(`Something else than the gateway answers at ${origin}, with status ${answer.status}`, fix)];
  }
  if (!secure) return [say.ok(`The gateway answers at ${origin}`)];
  const facts = factsOf(answer.chain, [new URL(origin).hostname], await authoritiesOf(settings.applications.values()));
  if (inFiles === null) return judged('address', name, facts, 'the gateway answers, ');
  if (facts.serial === inFiles.serial) return [say.ok(`The gateway answers at ${origin}, with this certificate`)];
  const fix = 'look at the log of the gateway, which says why it did not take the files, or at what stands in front of it';
  return [
    say.warning(`The gateway answers at ${origin}, with another certificate (serial ${facts.serial}) than the files hold`, fix),
  ];
}
