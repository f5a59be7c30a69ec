// The gateway writes to its data alone, the documents said, and the container was started so: on a root it cannot write, with
// no /tmp. But SQLite sorts what is too large for memory in a file of its own, and looks for a place in /var/tmp, /tmp and the
// working directory. A search over a few months of record ended with "unable to open database file", and only there. Every
// way of starting the image must give it a /tmp, and never the data: a search must not fill the disk of the record.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

test('a container with a read-only root has a /tmp of its own', () => {
  const { services } = parse(read('compose.yaml')) as { services: { wardgate: { read_only: boolean; tmpfs: string[] } } };
  expect(services.wardgate).toMatchObject({ read_only: true, tmpfs: [expect.stringMatching(/^\/tmp:/)] });
  expect(read('Dockerfile')).toContain('--read-only --tmpfs /tmp');
  expect(read('helm/wardgate/templates/statefulset.yaml')).toMatch(/name: tmp, mountPath: \/tmp[^]*name: tmp\n\s+emptyDir:/);
  expect(read('scripts/image-bundle.cjs')).toContain("kernel('/tmp', 'tmpfs'");
});

test('a service of systemd has one too', () => {
  expect(read('systemd/wardgate.service')).toMatch(/^PrivateTmp=yes$/m);
});
