// Opens the vault beside a running gateway for the time of one piece of work. Never takes the gateway's lock.

import { FileSealer } from '../../adapters/sealer-file.ts';
import { openVaultFile } from '../../adapters/vault-file.ts';
import type { VaultFile } from '../../adapters/vault-file.ts';
import type { Settings } from '../../config/settings.ts';

/** Throws, naming file and fix, where the vault or the master key cannot be opened. */
export function withVault<T>(
  { dataDirectory, masterKeyFile }: Pick<Settings, 'dataDirectory' | 'masterKeyFile'>,
  work: (vault: VaultFile, sealer: FileSealer) => T,
): T {
  const sealer = new FileSealer(masterKeyFile);
  const vault = openVaultFile(dataDirectory, sealer);
  try {
    return work(vault, sealer);
  } finally {
    vault.close();
  }
}
