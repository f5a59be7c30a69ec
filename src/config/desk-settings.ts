// Puts together what happens when one person makes room for the next at a desk.

import type { GatewayFile } from './gateway-schema.ts';
import type { Reading } from './reading.ts';
import type { DeskSettings } from './settings.ts';

export function deskSettings(reading: Reading<GatewayFile>): DeskSettings {
  const { switch: given = {}, switchKey = 'ctrl+alt+l' } = reading.value.lock ?? {};
  return {
    first: given.first ?? 'park',
    draftSeconds: given.drafts ?? 1800,
    switchKey: switchKey === 'off' ? null : switchKey,
  };
}
