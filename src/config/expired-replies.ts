// What an EHR's own scripts are told when a session has ended, as its preset says.

import type { ExpiredReply } from '../core/ehr/recipe.ts';
import { pathsOf } from './preset-paths.ts';
import type { Preset } from './presets.ts';

export function expiredRepliesOf(preset: Preset, root: string): ExpiredReply[] {
  return (preset.value.expired ?? []).flatMap((entry, index) => {
    const at = preset.entry(['expired'], index);
    const json = JSON.stringify(entry.json);
    return pathsOf(preset, [...at, 'paths'], entry.paths, root).map((pattern) => ({ pattern, json }));
  });
}
