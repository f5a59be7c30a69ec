// `wardgate schema`: writes the JSON Schemas with which editors complete and check the YAML files.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { jsonSchemas } from '../config/json-schema.ts';

const usage = 'wardgate schema [--directory config/schema]';

/** Exit code: 0 written, 2 wrong usage. */
export async function schema(args: string[]): Promise<number> {
  let directory;
  try {
    directory = parseArgs({ args, options: { directory: { type: 'string', default: 'config/schema' } } }).values.directory;
  } catch (cause) {
    console.error(`${cause instanceof Error ? cause.message : String(cause)}\n\n${usage}`);
    return 2;
  }
  await mkdir(directory, { recursive: true });
  for (const [file, text] of jsonSchemas()) {
    await writeFile(join(directory, file), text);
    console.log(join(directory, file));
  }
  return 0;
}
