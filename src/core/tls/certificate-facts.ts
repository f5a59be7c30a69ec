// What is known of one certificate, without the certificate: enough to judge whether people's browsers will accept it.

/** The authority that signed the last certificate of a chain and that is neither in it nor known here. */
export interface MissingIssuer {
  /** `O=Example Trust, CN=Example TLS 1` */
  readonly name: string;
  /** Where its certificate can be fetched, as the last certificate says (RFC 5280, 4.2.2.1); null where it does not. */
  readonly at: string | null;
}

export interface CertificateFacts {
  readonly subject: string;
  readonly issuer: string;
  readonly serial: string;
  /** Epoch milliseconds. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** The hosts it is for, as far as it names them in its alternative names: browsers look at nothing else. */
  readonly names: readonly string[];
  /** Hosts it should be for and is not. */
  readonly uncovered: readonly string[];
  /** Signed by itself, so that nobody knows its authority. */
  readonly isSelfSigned: boolean;
  readonly missing: MissingIssuer | null;
}
