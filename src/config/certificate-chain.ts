// Reads from a certificate what browsers will see of it: both ends of a TLS handshake within this process, because that shows
// the chain that is really sent, of PEM and PFX alike, and Node reads no PFX in any other way.

import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { duplexPair } from 'node:stream';
import { TLSSocket, connect, getCACertificates } from 'node:tls';
import type { SecureContext } from 'node:tls';
import type { CertificateFacts, MissingIssuer } from '../core/tls/certificate-facts.ts';

/** The longest chain that is looked at. */
const mostCertificates = 12;
const handshakeMilliseconds = 10_000;
const mostNames = 100;

/** `hosts` are those it should be for; `authorities` are PEM texts of private ones that count as known. */
export async function certificateFacts(
  context: SecureContext,
  hosts: readonly string[],
  authorities: readonly string[],
): Promise<CertificateFacts> {
  return factsOf(await presented(context), hosts, authorities);
}

/** The same for a chain that somebody else presented. Throws where it is empty. */
export function factsOf(
  chain: readonly X509Certificate[],
  hosts: readonly string[],
  authorities: readonly string[],
): CertificateFacts {
  const [leaf] = chain;
  const last = chain.at(-1);
  if (leaf === undefined || last === undefined) throw new Error('No certificate is presented');
  return {
    subject: oneLine(leaf.subject),
    issuer: oneLine(leaf.issuer),
    serial: leaf.serialNumber,
    notBefore: leaf.validFromDate.getTime(),
    notAfter: leaf.validToDate.getTime(),
    names: namesOf(leaf),
    uncovered: hosts.filter((host) => !covers(leaf, host)),
    isSelfSigned: isOwnIssuer(leaf),
    missing: missingAfter(last, authorities),
  };
}

/** What the server end sends, the leaf first. */
export function chainOf(leaf: X509Certificate | undefined): readonly X509Certificate[] {
  const chain: X509Certificate[] = [];
  let next = leaf;
  while (next !== undefined && chain.length < mostCertificates) {
    chain.push(next);
    next = isOwnIssuer(next) ? undefined : next.issuerCertificate;
  }
  return chain;
}

function presented(context: SecureContext): Promise<readonly X509Certificate[]> {
  return new Promise((resolve, reject) => {
    const [near, far] = duplexPair();
    const server = new TLSSocket(near, { isServer: true, secureContext: context });
    // Nothing is believed of it: it is only looked at.
    const client = connect({ socket: far, rejectUnauthorized: false }, () => {
      // Read before the connection ends: afterwards there is no other side any more.
      const chain = chainOf(client.getPeerX509Certificate());
      end();
      resolve(chain);
    });
    const timer = setTimeout(() => fail(new Error('The handshake took too long')), handshakeMilliseconds);
    const end = (): void => {
      clearTimeout(timer);
      client.destroy();
      server.destroy();
    };
    const fail = (cause: Error): void => {
      end();
      reject(cause);
    };
    client.on('error', fail);
    server.on('error', fail);
  });
}

function covers(leaf: X509Certificate, host: string): boolean {
  const name = host.replace(/^\[(.*)\]$/, '$1');
  // The common name is not looked at: no browser does (RFC 9525, 6.4).
  return isIP(name) === 0 ? leaf.checkHost(name, { subject: 'never' }) !== undefined : leaf.checkIP(name) !== undefined;
}

function namesOf({ subjectAltName = '' }: X509Certificate): readonly string[] {
  return [...subjectAltName.matchAll(/(?:^|, )(?:DNS|IP Address):([^,"]+)/g)].map(([, name = '']) => name).slice(0, mostNames);
}

function isOwnIssuer(certificate: X509Certificate): boolean {
  return certificate.subject === certificate.issuer && certificate.checkIssued(certificate);
}

function missingAfter(last: X509Certificate, authorities: readonly string[]): MissingIssuer | null {
  if (isOwnIssuer(last) || knows(authorities, last) || knows(knownHere(), last)) return null;
  const at = /^CA Issuers - URI:(http:\/\/\S+)$/m.exec(last.infoAccess ?? '')?.[1] ?? null;
  return { name: oneLine(last.issuer), at };
}

/** What Node trusts by itself, and what this machine does. */
function knownHere(): readonly string[] {
  return [...getCACertificates('default'), ...getCACertificates('system')];
}

function knows(authorities: readonly string[], last: X509Certificate): boolean {
  return authorities.some((pem) => {
    const authority = parsed(pem);
    return authority !== null && authority.subject === last.issuer && last.checkIssued(authority);
  });
}

/** Null for what this machine trusts and Node cannot read, which then vouches for nobody. */
function parsed(pem: string): X509Certificate | null {
  try {
    return new X509Certificate(pem);
  } catch {
    return null;
  }
}

/** `C=US\nCN=Example` as one line. */
function oneLine(name: string): string {
  return name.replaceAll('\n', ', ');
}
