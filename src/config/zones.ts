// Zones are named address ranges; whoever names one must name one that exists.

import { didYouMean } from './did-you-mean.ts';
import type { GatewayFile } from './gateway-schema.ts';
import type { Reading } from './reading.ts';
import type { KeyPath } from './yaml-source.ts';

type Gateway = Reading<GatewayFile>;

/** Words that mean something else where a zone may stand. */
const reservedZones = new Set(['everywhere', 'roles', 'devices', 'anywhere', 'nowhere']);

export function zoneSettings(reading: Gateway): Map<string, readonly string[]> {
  const zones = new Map(Object.entries(reading.value.zones ?? {}));
  for (const name of zones.keys()) {
    if (reservedZones.has(name))
      reading.keyMistake(['zones', name], `Zone name "${name}" has a meaning of its own, choose another`);
  }
  return zones;
}

/** Reports a zone that is not defined. */
export function checkZone(reading: Gateway, path: KeyPath, name: string | undefined): void {
  const names = reading.namesIn('zones');
  if (name === undefined || names === null || names.includes(name)) return;
  reading.mistake(path, `Zone "${name}" is not defined under zones`, didYouMean(name, names));
}
