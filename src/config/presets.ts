// Finds and reads presets: ready-made areas for the EHRs that clinics have. A preset is a file like any other and is
// held against its schema in the same way.

import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { forgetOldest } from '../core/forget-oldest.ts';
import { readConfigBytes } from './config-bytes.ts';
import type { Findings } from './mistake.ts';
import { parseFile } from './parse-file.ts';
import { Reading } from './reading.ts';
import { presetSchema } from './preset-schema.ts';
import type { PresetFile } from './preset-schema.ts';
import { maxFileBytes, parseYamlSource } from './yaml-source.ts';
import type { YamlSource } from './yaml-source.ts';

/** The presets that come with the product. */
export const shippedPresets = resolve(import.meta.dirname, '../../config/presets');

/** The names of the presets in a directory, sorted; none where it does not exist. */
export async function presetNames(directory: string): Promise<readonly string[]> {
  const files = await readdir(directory).catch(() => []);
  return files.flatMap((file) => (file.endsWith('.yaml') ? [file.slice(0, -'.yaml'.length)] : [])).sort();
}

export function presetFile(directory: string, name: string): string {
  return join(directory, `${name}.yaml`);
}

/** A file is read again at every look, and parsed again where its bytes are others: parsing is most of what a check costs. */
const sound = new Map<string, YamlSource>();
const mostSound = 16;

async function sourceOf(file: string, findings: Findings): Promise<YamlSource | null> {
  const bytes = await readConfigBytes(file, maxFileBytes, findings);
  if (bytes === null) return null;
  const known = sound.get(file);
  if (known?.bytes.equals(bytes) === true) return known;
  const before = findings.mistakes.length + findings.warnings.length;
  const source = parseYamlSource(file, bytes, findings);
  sound.delete(file);
  if (source === null || findings.mistakes.length + findings.warnings.length > before) return source;
  sound.set(file, source);
  forgetOldest(sound, mostSound);
  return source;
}

/** The preset's reading, or null with its mistakes reported. */
export async function readPreset(file: string, findings: Findings): Promise<Reading<PresetFile> | null> {
  const source = await sourceOf(file, findings);
  const parsed = source === null ? null : parseFile(presetSchema, source, findings);
  return parsed === null ? null : new Reading(parsed, findings, {});
}

export type Preset = Reading<PresetFile>;
