// Puts together what browsers the gateway may come to know, and by whose hand.

import type { GatewayFile } from './gateway-schema.ts';
import type { Reading } from './reading.ts';
import type { DeviceSettings } from './settings.ts';
import { checkZone } from './zones.ts';

const thirtyDaysSeconds = 30 * 86_400;

export function deviceSettings(reading: Reading<GatewayFile>): DeviceSettings {
  const given = reading.value.devices ?? {};
  checkZone(reading, ['devices', 'registeredFrom'], given.registeredFrom);
  return {
    registeredBy: given.registeredBy ?? [],
    registeredFrom: given.registeredFrom ?? null,
    own: given.own !== 'off',
    pinLastsSeconds: given.pin === 'off' ? null : (given.pinLasts ?? thirtyDaysSeconds),
  };
}
