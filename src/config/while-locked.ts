// What an EHR's pages are told while a session is locked, and how its own session is kept meanwhile, as its preset says.

import type { LockedReply } from '../core/session/while-locked.ts';
import { pathsOf, requestLineOf } from './preset-paths.ts';
import type { Preset } from './presets.ts';
import type { KeepWarm } from './settings.ts';

export function lockedRepliesOf(preset: Preset, root: string): LockedReply[] {
  return (preset.value.whileLocked ?? []).flatMap((entry, index) => {
    const at = preset.entry(['whileLocked'], index);
    if ((entry.json === undefined) === (entry.nothing !== true)) {
      preset.mistake(at, 'Answer must be one of two: json: { … } with what the page may hear, or nothing: true');
    }
    const json = entry.json === undefined ? null : JSON.stringify(entry.json);
    return pathsOf(preset, [...at, 'paths'], entry.paths, root).map((pattern) => ({ pattern, json }));
  });
}

export function keepWarmOf(preset: Preset, root: string): KeepWarm | null {
  const { keepWarm, signOn } = preset.value;
  if (keepWarm === undefined) return null;
  if (signOn?.by !== 'recipe') {
    preset.keyWarning(['keepWarm'], 'Key "keepWarm" changes nothing without signOn: { by: recipe, … }');
  }
  const target = requestLineOf(preset, ['keepWarm', 'get'], keepWarm.get, root);
  return { target, everySeconds: keepWarm.every };
}
