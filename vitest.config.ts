import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

// A gateway that a test starts begins threads of its own, and each would read and compile some hundred files of TypeScript anew.
process.env['NODE_COMPILE_CACHE'] ??= join(import.meta.dirname, 'node_modules/.cache/compiled');

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 15_000 } },
    maxWorkers: 2,
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      exclude: ['src/demo/**', 'src/**/*-worker.ts', 'src/cli/main.ts'],
      reporter: ['text-summary', 'json-summary'],
      reportOnFailure: true,
      thresholds: { lines: 90, 'src/core/**': { branches: 100 } },
    },
  },
});
