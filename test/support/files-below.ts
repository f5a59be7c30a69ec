// Every file below a directory of a gateway that may be running.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** A part of a tile of the tree, which a longer one replaces while it is looked at, or a file that has not its name yet. */
const comesAndGoes = /\.p[/\\]\d+$|-\d+$/;

/** Contents by path. */
export function filesBelow(directory: string): ReadonlyMap<string, Buffer> {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    entries.flatMap(({ parentPath, name }) => {
      const path = join(parentPath, name);
      const content = contentOf(path);
      return content === null ? [] : [[path, content] as const];
    }),
  );
}

function contentOf(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch (cause) {
    if (comesAndGoes.test(path)) return null;
    throw cause;
  }
}
