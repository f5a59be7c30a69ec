// The gateway of the bench, and somebody who may watch its overview: a second session by a row in the store, which reads the
// console through the front door. Told to watch, it opens the overview and asks as its script does, every two seconds.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfiguration } from '../../src/config/load.ts';
import { renderMistake } from '../../src/config/mistake.ts';
import { startGateway } from '../../src/main.ts';
import { announce } from './report.ts';
import { signedIn } from './signed-in.ts';

const upstream = Number(process.argv[2]);
const directory = mkdtempSync(join(tmpdir(), 'wardgate-bench-'));
writeFileSync(join(directory, 'secret'), 'bench');
writeFileSync(
  join(directory, 'gateway.yaml'),
  `clinic: { name: Bench, timezone: America/Chicago, hours: Mon-Sun 00:00-24:00, help: nobody }
listen: { port: 0, health: { port: 0 } }
zones: { clinic: [127.0.0.0/8] }
applications: { ehr: { address: "http://localhost:1", upstream: "http://127.0.0.1:${upstream}", identityHeaders: { name: X-User, roles: X-Roles } } }
signIn: { provider: generic, issuer: "http://127.0.0.1:9", clientId: bench, clientSecretFile: secret }
secondFactor: { methods: [totp] }
lock: { everywhere: { after: 15m, endAfterLock: 30m, longest: 12h } }
audit: { keep: 6y }
limits: { requestsPerSocket: 1000000, upstreamConnectionsPerPerson: 256 }
`,
);
writeFileSync(
  join(directory, 'rules.yaml'),
  `mode: enforce
roles: { physician: Physicians, privacy: Privacy }
rules:
  - { name: console, area: wardgate.console, allow: [privacy] }
  - { name: charts, paths: ["/chart"], allow: [physician], patient: query.pid, category: chart, record: [pid] }
`,
);

const loaded = await loadConfiguration(join(directory, 'gateway.yaml'));
if (!loaded.ok) throw new Error(loaded.mistakes.map(renderMistake).join('\n'));
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const gateway = await startGateway(loaded.configuration, quiet);

const page = { host: 'localhost:1', accept: 'text/html', 'sec-fetch-dest': 'document' };
const watcher = await signedIn(gateway, 'bench', 'watcher', 'privacy');
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
announce(
  gateway.port,
  { ...page, cookie: await signedIn(gateway, 'bench', 'bench', 'physician'), 'x-bench-watcher': watcher },
  '/chart?pid=7',
);
