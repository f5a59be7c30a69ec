// Puts together when idle sessions lock and end. What stands for a zone or a role only ever narrows.

import { didYouMean } from './did-you-mean.ts';
import type { GatewayFile } from './gateway-schema.ts';
import type { Reading } from './reading.ts';
import type { LockSettings } from './settings.ts';

type Gateway = Reading<GatewayFile>;
type Narrower = { readonly idleSeconds: number | null; readonly absoluteSeconds: number | null };

export function lockSettings(reading: Gateway): LockSettings {
  const { everywhere = {}, roles = {}, ...zones } = reading.value.lock ?? {};
  const idleSeconds = everywhere.after ?? 900;
  const absoluteSeconds = everywhere.longest ?? 43_200;
  if (idleSeconds > absoluteSeconds) {
    reading.mistake(['lock', 'everywhere', 'longest'], 'Time under longest is shorter than the one under after');
  }
  const known = reading.namesIn('zones');
  for (const name of Object.keys(zones)) {
    if (known === null || known.includes(name)) continue;
    const suggestion = didYouMean(name, ['everywhere', 'roles', ...known]);
    reading.keyMistake(['lock', name], `Zone "${name}" is not defined under zones`, suggestion);
  }
  return {
    everywhere: { idleSeconds, absoluteSeconds, endAfterLockSeconds: everywhere.endAfterLock ?? 1800 },
    zones: narrowed(zones),
    roles: narrowed(roles),
  };
}

function narrowed(
  entries: Readonly<Record<string, { after?: number | undefined; longest?: number | undefined }>>,
): Map<string, Narrower> {
  return new Map(
    Object.entries(entries).map(([name, { after, longest }]) => [
      name,
      { idleSeconds: after ?? null, absoluteSeconds: longest ?? null },
    ]),
  );
}
