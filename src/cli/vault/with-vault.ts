// Opens the vault beside a running gateway for the time of one piece of work, where its rows stand. Never takes the gateway's lock.

import { FileSealer } from '../../adapters/sealer-file.ts';
import { openVaultFile } from '../../adapters/vault-file.ts';
import type { Vault } from '../../adapters/vault-file.ts';
import { openVaultShared } from '../../adapters/vault-shared.ts';
import type { Settings } from '../../config/settings.ts';

/** Rejects, naming place and fix, where the vault or the master key cannot be opened. */
export async function withVault<T>(
  { dataDirectory, masterKeyFile, store }: Pick<Settings, 'dataDirectory' | 'masterKeyFile' | 'store'>,
  work: (vault: Vault, sealer: FileSealer) => T | Promise<T>,
): Promise<T> {
  const sealer = new FileSealer(masterKeyFile);
  const vault = store === null ? openVaultFile(dataDirectory, sealer) : await openVaultShared(store, dataDirectory, sealer);
  try {
    return await work(vault, sealer);
  } finally {
    await vault.close();
  }
}
