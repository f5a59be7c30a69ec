// What Node's codes for a connection that failed mean, in words, and what to do: for certificates above all, because
// "self-signed certificate in certificate chain" tells an administrator nothing about `trust`.

export interface ConnectionFailure {
  /** The end of a sentence about the other side, such as `its certificate has ended`. */
  readonly says: string;
  readonly fix: string;
  /** The other side was there, and it is its certificate that is not accepted. */
  readonly isCertificate: boolean;
}

const certificate = (says: string, fix: string): ConnectionFailure => ({ says, fix, isCertificate: true });
const connection = (says: string, fix: string): ConnectionFailure => ({ says, fix, isCertificate: false });

const trust = 'name the PEM file of that authority as trust in gateway.yaml';
const unknown = certificate(
  'its certificate is signed by an authority that this machine does not know, or it leaves out the intermediate certificate',
  `${trust}, or have the intermediate installed there`,
);
const noTls = connection(
  'it does not speak TLS at this address',
  'write its port for https, or http: where it has none; for an EHR with plainHttpBecause',
);
const oldTls = connection('it speaks only versions of TLS older than 1.2', 'turn on TLS 1.2 there');
const unreachable = connection(
  'no way leads there',
  'look at the address, and at the network and the firewalls between here and there',
);
const slow = connection('it does not answer in time', 'look whether it runs, and whether a firewall drops what is sent to it');
const noName = connection('its name is not known to this machine', 'look for a slip in the name, and at the DNS server here');

const failures: ReadonlyMap<string, ConnectionFailure> = new Map(
  Object.entries({
    DEPTH_ZERO_SELF_SIGNED_CERT: certificate(
      'its certificate is signed by itself',
      'name that certificate, as a PEM file, as trust in gateway.yaml',
    ),
    SELF_SIGNED_CERT_IN_CHAIN: certificate('its certificate is signed by an authority that this machine does not know', trust),
    UNABLE_TO_GET_ISSUER_CERT: unknown,
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknown,
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknown,
    CERT_HAS_EXPIRED: certificate('its certificate has ended', 'renew it there'),
    CERT_NOT_YET_VALID: certificate('its certificate is not valid yet', 'compare the clocks'),
    CERT_SIGNATURE_FAILURE: certificate('its certificate is not signed by the authority that it names', trust),
    CERT_REVOKED: certificate('its certificate was revoked', 'renew it there'),
    INVALID_CA: certificate('its certificate is signed by one that is no authority', 'have it issued anew'),
    INVALID_PURPOSE: certificate('its certificate is not meant for a server', 'have it issued anew'),
    ERR_TLS_CERT_ALTNAME_INVALID: certificate(
      'its certificate is for another name',
      'write the name that the certificate has, or have one issued for this one',
    ),
    ERR_SSL_WRONG_VERSION_NUMBER: noTls,
    // What Node says of most handshakes that another side's first bytes ended.
    EPROTO: connection(
      'the TLS handshake failed, because it speaks no TLS at this address, or none of version 1.2 or newer',
      noTls.fix,
    ),
    ERR_SSL_PACKET_LENGTH_TOO_LONG: noTls,
    ERR_SSL_UNSUPPORTED_PROTOCOL: oldTls,
    ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: oldTls,
    ECONNREFUSED: connection('nothing listens there', 'look whether it runs, and at the port'),
    ECONNRESET: connection('it broke the connection off', 'look at its log, and whether it wants https: there'),
    EHOSTUNREACH: unreachable,
    ENETUNREACH: unreachable,
    ETIMEDOUT: slow,
    UND_ERR_CONNECT_TIMEOUT: slow,
    ENOTFOUND: noName,
    EAI_AGAIN: connection('the DNS server of this machine does not answer', 'look at the DNS server here'),
  }),
);

/** Null for a code that is not known. */
export function connectionFailure(code: string): ConnectionFailure | null {
  return failures.get(code) ?? null;
}
