// What Node is told where a clinic starts the gateway: the image says it, and test/running.test.ts holds the unit to the same.

import { readFileSync } from 'node:fs';

const image = readFileSync(new URL('../Dockerfile', import.meta.url), 'utf8');
const entry = JSON.parse(/^ENTRYPOINT (.+)$/m.exec(image)?.[1] ?? '[]') as string[];

export const shippedFlags: readonly string[] = entry.filter((word) => word.startsWith('--'));
