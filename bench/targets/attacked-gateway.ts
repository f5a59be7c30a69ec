// The gateway that is attacked: limits as they are shipped, 200 rules, a hostile one among them, and two people signed in
// by rows in the session store: one who works, one who attacks. Tells its resident memory when asked.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfiguration } from '../../src/config/load.ts';
import { renderMistake } from '../../src/config/mistake.ts';
import { startGateway } from '../../src/main.ts';
import { signedIn } from './signed-in.ts';

/** What the bench and its attackers are told. */
export interface Attacked {
  readonly port: number;
  readonly host: string;
  /** Cookie header values. */
  readonly worker: string;
  readonly attacker: string;
  readonly rulesFile: string;
  readonly rules: string;
}

const [upstream = '', issuer = ''] = process.argv.slice(2);
const directory = mkdtempSync(join(tmpdir(), 'wardgate-attacked-'));
const many = Array.from(
  { length: 190 },
  (_, i) =>
    `  - { name: rule-${i}, paths: ["/module-${i}/{patient}/**"], methods: [GET, POST], allow: nurse, patient: path.patient }`,
);
const rules = `mode: enforce
roles: { physician: Physicians, nurse: Nurses }
rules:
${many.join('\n')}
  - { name: hostile, paths: ["/**${'/a'.repeat(200)}/b/**", "/*${'a*'.repeat(200)}b"], allow: nurse }
  - { name: live, paths: ["/ws"], allow: everyone, webSocket: true }
  - { name: forms, paths: ["/form"], methods: [POST], when: { form: { send: present } }, allow: everyone }
  - { name: charts, paths: ["/chart"], allow: everyone, patient: query.pid, category: chart, record: [pid] }
  - { name: others, paths: ["/large", "/never", "/upload"], methods: [GET, POST], allow: everyone }
downloads: { everyone: { files: unlimited, size: unlimited, patients: unlimited, then: refuse } }
`;
writeFileSync(join(directory, 'secret'), 'bench');
writeFileSync(join(directory, 'rules.yaml'), rules);
writeFileSync(
  join(directory, 'gateway.yaml'),
  `clinic: { name: Bench, timezone: America/Chicago, hours: Mon-Sun 00:00-24:00, help: nobody }
listen: { port: 0, health: { port: 0 } }
zones: { clinic: [127.0.0.0/8] }
applications: { ehr: { address: "http://localhost:1", upstream: "${upstream}" } }
signIn: { provider: generic, issuer: "${issuer}", clientId: bench, clientSecretFile: secret }
secondFactor: { methods: [totp] }
lock: { everywhere: { after: 15m, endAfterLock: 30m, longest: 12h } }
audit: { keep: 6y }
`,
);

const loaded = await loadConfiguration(join(directory, 'gateway.yaml'));
if (!loaded.ok) throw new Error(loaded.mistakes.map(renderMistake).join('\n'));
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const gateway = await startGateway(loaded.configuration, quiet);

process.on('message', () => process.send?.({ residentBytes: process.memoryUsage.rss() }));
process.on('disconnect', () => process.exit(0));
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
process.send?.({
  port: gateway.port,
  host: 'localhost:1',
  worker: await signedIn(gateway, issuer, 'worker', 'physician'),
  attacker: await signedIn(gateway, issuer, 'attacker', 'nurse'),
  rulesFile: join(directory, 'rules.yaml'),
  rules,
} satisfies Attacked);
