// The real thing: the kernel's fdatasync fails, injected by strace. Skipped where strace cannot be used.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { auditDirectory, recordsIn, removeAuditDirectories, segments, verify } from '../support/audit-log.ts';

afterEach(removeAuditDirectories);

const strace = '/usr/bin/strace';
const probe = spawnSync(strace, ['-f', '-e', 'trace=none', 'true']);
const child = fileURLToPath(new URL('../support/audit-strace-child.ts', import.meta.url));

it.skipIf(probe.status !== 0)('survives EIO of fdatasync in the kernel (skipped where strace cannot be used)', async () => {
  const directory = auditDirectory();
  const trace = ['-f', '-qq', '-o', '/dev/null', '-e', 'trace=fdatasync', '-e', 'inject=fdatasync:error=EIO:when=3'];
  const running = spawn(strace, [...trace, process.execPath, child, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  running.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(running, 'close')) as [number | null];
  expect(code).toBe(0);
  expect(output).toContain('10 durable');
  const result = await verify(directory);
  expect(result).toMatchObject({ sound: true, flaw: null });
  // strace counts per thread, so the fault may strike once for each thread that syncs.
  const [, ...others] = segments(directory);
  expect(others.length).toBeGreaterThan(0);
  for (const name of others) expect(recordsIn(directory, name).map((record) => record['event'])).toContain('audit-outage');
});
