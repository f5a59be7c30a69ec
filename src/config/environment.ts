// The only reader of the process's environment besides secrets named in YAML.

import type { RuntimeEnvironment } from './runtime-check.ts';

/** What Node was told from outside that could weaken it. */
export function runtimeEnvironment(): RuntimeEnvironment {
  const { NODE_OPTIONS = '', NODE_TLS_REJECT_UNAUTHORIZED } = process.env;
  return { nodeOptions: NODE_OPTIONS, unverifiedTls: NODE_TLS_REJECT_UNAUTHORIZED === '0' };
}

/** Whether npm runs this process, with a shell in between. */
export function startedByNpm(): boolean {
  return process.env['npm_lifecycle_event'] !== undefined;
}

/** The person who typed a command behind sudo, as sudo tells; null where nobody did. */
export function sudoUser(): string | null {
  const { SUDO_USER = '' } = process.env;
  return SUDO_USER === '' ? null : SUDO_USER;
}
