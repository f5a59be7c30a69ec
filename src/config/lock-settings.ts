// Puts together when idle sessions lock and end. What stands for a zone, a role or a kind of device only ever narrows.

import type { DeviceKind } from '../core/session/device.ts';
import type { PartialLimits } from '../core/session/limits-for.ts';
import { didYouMean } from './did-you-mean.ts';
import type { GatewayFile } from './gateway-schema.ts';
import type { Reading } from './reading.ts';
import type { LockSettings } from './settings.ts';

type Gateway = Reading<GatewayFile>;

export function lockSettings(reading: Gateway): LockSettings {
  const { everywhere = {}, roles = {}, devices = {}, ...zones } = reading.value.lock ?? {};
  const idleSeconds = everywhere.after ?? 900;
  const absoluteSeconds = everywhere.longest ?? 43_200;
  if (idleSeconds > absoluteSeconds) {
    reading.mistake(['lock', 'everywhere', 'longest'], 'Time under longest is shorter than the one under after');
  }
  const known = reading.namesIn('zones');
  for (const name of Object.keys(zones)) {
    if (known === null || known.includes(name)) continue;
    const suggestion = didYouMean(name, ['everywhere', 'roles', 'devices', ...known]);
    reading.keyMistake(['lock', name], `Zone "${name}" is not defined under zones`, suggestion);
  }
  return {
    everywhere: { idleSeconds, absoluteSeconds, endAfterLockSeconds: everywhere.endAfterLock ?? 1800 },
    zones: narrowed(zones),
    roles: narrowed(roles),
    devices: narrowedDevices(devices),
  };
}

type Given = { after?: number | undefined; endAfterLock?: number | undefined; longest?: number | undefined };

function narrowed(entries: Readonly<Record<string, Given>>): Map<string, PartialLimits> {
  return new Map(Object.entries(entries).map(([name, given]) => [name, limitsOf(given)]));
}

function narrowedDevices(given: Readonly<Partial<Record<DeviceKind, Given | undefined>>>): Map<DeviceKind, PartialLimits> {
  const kinds = ['shared', 'own', 'unknown'] as const;
  return new Map(
    kinds.flatMap((kind): [DeviceKind, PartialLimits][] => (given[kind] === undefined ? [] : [[kind, limitsOf(given[kind])]])),
  );
}

function limitsOf({ after, endAfterLock, longest }: Given): PartialLimits {
  return { idleSeconds: after ?? null, endAfterLockSeconds: endAfterLock ?? null, absoluteSeconds: longest ?? null };
}
