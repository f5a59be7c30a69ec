// While the rules were only observed, every request of a machine ended with 500. Machines are held to the rules even then, by a copy
// of them that enforces; the index of the rules still belonged to the original, and matching refuses an index of other rules. Tests
// of the stage alone could not see it, because the two first meet in a running gateway.

import { expect, test } from 'vitest';
import { bearer, machineClinic, newToken } from '../support/machine-clinic.ts';

test('a machine passes by a rule that names it, and by no other, while the rules are only observed', async () => {
  const lab = newToken();
  const place = await machineClinic({
    rules: `mode: observe
roles: { nurse: Clinic-Nurses }
rules:
  - { name: results, paths: [/results], allow: nurse, machines: lab }
  - { name: charts, paths: [/chart], allow: everyone }
`,
    machines: ['lab: { from: 127.0.0.1, tokenHashFile: lab.hash }'],
    files: { 'lab.hash': lab.hash },
  });
  try {
    const status = async (path: string) => (await place.ask({ path, headers: bearer(lab.token) })).status;
    expect([await status('/results'), await status('/results'), await status('/chart')]).toEqual([200, 200, 403]);
  } finally {
    await place.close();
  }
});
