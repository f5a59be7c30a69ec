// Puts the program into few files, for the package, the image and the service: Node then starts it in less than half the
// time that nearly two thousand modules take. docs/decisions/0053-built-into-few-files.md says why, and why nothing is cached.

import { basename } from 'node:path';
import { defineConfig } from 'rolldown';

/** The command, and every thread that it starts. */
const entries = [
  'src/cli/main.ts',
  'src/adapters/audit-feed-worker.ts',
  'src/adapters/audit-index-worker.ts',
  'src/adapters/audit-retention-worker.ts',
  'src/adapters/audit-tree-worker.ts',
  'src/adapters/audit-watch-worker.ts',
  'src/adapters/state-db-worker.ts',
  'src/config/load-rules-worker.ts',
];

export default defineConfig({
  input: Object.fromEntries(entries.map((file) => [basename(file, '.ts'), file])),
  platform: 'node',
  // A faster client that `pg` asks for and does not bring along.
  external: ['pg-native'],
  // A package of Express makes its warnings by it, from nothing that comes from outside.
  checks: { eval: false },
  tsconfig: false,
  transform: { target: 'node24' },
  output: {
    // One folder, as deep below the package as the sources are: what a file finds beside itself or above it stays there.
    dir: 'dist/cli',
    cleanDir: true,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
    keepNames: true,
    // What an officer sends us of a stack names the functions as they are called here.
    minify: false,
  },
});
