// With what somebody is signed on by a recipe: their own sealed password, or an account of the configuration. Neither is
// found again once the EHR has refused it.

import type { ApplicationSettings, SignOnSettings } from '../config/settings.ts';
import { isMachine } from '../core/session/machine-session.ts';
import type { Caller } from '../core/session/machine-session.ts';
import type { CredentialVault, EhrCredential, EhrEntered, SignOnBrake } from '../ehr-ports.ts';
import type { MachineRegister } from '../machine-ports.ts';
import { configuredAccount } from './configured-account.ts';

export interface SignOnCredentialsNeeds {
  readonly application: ApplicationSettings;
  readonly signOn: Extract<SignOnSettings, { readonly by: 'recipe' }>;
  readonly vault: CredentialVault;
  readonly machines: Pick<MachineRegister, 'account'>;
  readonly brake: SignOnBrake;
}

export class SignOnCredentials {
  readonly #needs: SignOnCredentialsNeeds;

  constructor(needs: SignOnCredentialsNeeds) {
    this.#needs = needs;
  }

  /** What is to be tried, or how the request goes on without it. */
  async find(session: Caller): Promise<EhrCredential | EhrEntered | 'account-refused'> {
    const { vault, application, brake } = this.#needs;
    if (this.isOwn(session)) {
      const entry = await vault.get(session.subject, application.name);
      if (entry === null || entry.refused) return { entered: 'credential-needed', refused: entry !== null };
      return entry.credential;
    }
    const found = this.accountOf(session);
    if (found === null) return { entered: 'no-account' };
    if (await brake.isRefused(application.name, found.account)) return 'account-refused';
    return { username: found.account, password: found.password, more: {} };
  }

  /** The EHR may have refused it: it is never tried again. */
  async refuse(session: Caller, credential: EhrCredential): Promise<void> {
    const { vault, application, brake } = this.#needs;
    const { subject } = session;
    if (!this.isOwn(session)) return brake.refuse(application.name, credential.username);
    // The person may have entered another one while the EHR was thinking.
    const now = (await vault.get(subject, application.name))?.credential;
    if (now?.username === credential.username && now.password === credential.password)
      await vault.markRefused(subject, application.name);
    return undefined;
  }

  accountOf(session: Caller): ReturnType<MachineRegister['account']> {
    return configuredAccount(this.#needs.signOn, session, this.#needs.machines);
  }

  /** Whether it is a password of the person's own that signs on. */
  isOwn(session: Caller): boolean {
    return this.#needs.signOn.account.of === 'own' && !isMachine(session);
  }
}
