// A virtual authenticator of Chromium (WebDriver's, over the DevTools protocol): a security key or a fingerprint reader that
// always finds its person, until it is told otherwise.

import type { Page } from 'playwright-core';

export interface Authenticator {
  /** Whether the device recognises its person from now on. */
  verifies(isIt: boolean): Promise<void>;
  /** Sets back the counter of every key on it, as on a copy made earlier. */
  setBack(): Promise<void>;
}

export async function plugIn(page: Page): Promise<Authenticator> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    verifies: async (isUserVerified) => {
      await devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified });
    },
    setBack: async () => {
      const { credentials } = await devtools.send('WebAuthn.getCredentials', { authenticatorId });
      await devtools.send('WebAuthn.clearCredentials', { authenticatorId });
      for (const credential of credentials) {
        await devtools.send('WebAuthn.addCredential', { authenticatorId, credential: { ...credential, signCount: 0 } });
      }
    },
  };
}
