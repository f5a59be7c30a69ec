// Basic authentication (RFC 7617) towards the EHR: one service account for all, or each person's own sealed password.

import type { CredentialVault } from '../identity-ports.ts';
import type { EhrSignOn } from '../ports.ts';

/** One account for everybody; who it really was stands in our audit only. */
export function signOnByAccount(account: string, password: string, encode: (text: string) => string): EhrSignOn {
  const headers = ['authorization', basic(account, password, encode)];
  return { headersFor: () => headers };
}

/** Each person's own name and password, asked once. */
export function signOnByOwnPassword(application: string, vault: CredentialVault, encode: (text: string) => string): EhrSignOn {
  return {
    async headersFor({ subject }) {
      const credential = await vault.get(subject.issuer, subject.sub, application);
      if (credential === null) return 'credential-needed';
      return ['authorization', basic(credential.username, credential.password, encode)];
    },
  };
}

function basic(name: string, password: string, encode: (text: string) => string): string {
  return `Basic ${encode(`${name}:${password}`)}`;
}
