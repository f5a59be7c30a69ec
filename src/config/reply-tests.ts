// Puts together the tests by which replies of an EHR are told apart. A test must say what it looks for, because one that
// held for every reply would sign everybody on, or nobody.

import type { ReplyTest } from '../core/ehr/recipe.ts';
import { onePath, pathsOf } from './preset-paths.ts';
import type { Preset } from './presets.ts';
import type { TestEntry } from './recipe-schema.ts';
import type { KeyPath } from './yaml-source.ts';

/** The tests at this place, in order. */
export function replyTests(preset: Preset, at: KeyPath, entries: readonly TestEntry[] | undefined, root: string): ReplyTest[] {
  return (entries ?? []).map((entry, index) => oneTest(preset, preset.entry(at, index), entry, root));
}

function oneTest(preset: Preset, at: KeyPath, entry: TestEntry, root: string): ReplyTest {
  const test = {
    paths: entry.paths === undefined ? null : pathsOf(preset, [...at, 'paths'], entry.paths, root),
    status: entry.status === undefined || entry.status.length === 0 ? null : entry.status,
    location: entry.location === undefined ? null : onePath(preset, [...at, 'location'], entry.location, root),
    body: entry.body ?? [],
    bodyWithout: entry.bodyWithout ?? [],
    json: Object.entries(entry.json ?? {}).map(([pointer, equals]) => ({ pointer, equals })),
    at: preset.at(at),
  };
  const looksAt = [test.status ?? [], test.body, test.bodyWithout, test.json].some((criteria) => criteria.length > 0);
  if (!looksAt && entry.location === undefined) {
    preset.mistake(at, 'Test looks at nothing of the reply, write one of status, location, body, bodyWithout or json');
  }
  return test;
}
