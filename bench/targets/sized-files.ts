// The two files of a gateway of the bench, as large as a part asks: how many rules, which store, which limits. The last rule
// is the one that every measured request belongs to.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface SizedFiles {
  /** Where `ehr.ts` listens, which answers as the identity provider too as far as readiness asks it. */
  readonly upstream: number;
  /** Rules in all. */
  readonly rules?: number;
  /** Further lines of gateway.yaml. */
  readonly lines?: readonly string[];
  /** 32 bytes in base64, where several gateways could share a store. */
  readonly masterKey?: string;
  /** Further keys of the application, as they stand within its braces. */
  readonly application?: string;
  /** The port of `/readyz`. */
  readonly healthPort?: number;
}

/** Writes them and gives the name of gateway.yaml. */
export function writeSizedFiles(directory: string, sizes: SizedFiles): string {
  const file = join(directory, 'gateway.yaml');
  const application = `identityHeaders: { name: X-User, roles: X-Roles }${sizes.application ?? ''}`;
  writeFileSync(join(directory, 'secret'), 'bench');
  if (sizes.masterKey !== undefined) writeFileSync(join(directory, 'master.key'), `${sizes.masterKey}\n`, { mode: 0o600 });
  writeFileSync(
    file,
    `clinic: { name: Bench, timezone: America/Chicago, hours: Mon-Sun 00:00-24:00, help: nobody }
listen: { port: 0, health: { port: ${sizes.healthPort ?? 0} } }
zones: { clinic: [127.0.0.0/8] }
applications: { ehr: { address: "http://localhost:1", upstream: "http://127.0.0.1:${sizes.upstream}", ${application} } }
signIn: { provider: generic, issuer: "http://127.0.0.1:${sizes.upstream}", clientId: bench, clientSecretFile: secret }
secondFactor: { methods: [totp] }
lock: { everywhere: { after: 60m, endAfterLock: 60m, longest: 12h } }
audit: { keep: 6y }
limits: { requestsPerSocket: 1000000, upstreamConnectionsPerPerson: 256, webSocketsPerPerson: 1000, upstreamConnections: 10000, connectionsPerAddress: 20000 }
${sizes.masterKey === undefined ? '' : 'masterKeyFile: master.key'}
${(sizes.lines ?? []).join('\n')}
`,
  );
  writeSizedRules(directory, sizes.rules ?? 200);
  return file;
}

/** `version` makes the text another one, as after an edit. */
export function writeSizedRules(directory: string, count: number, version = 1): void {
  const rules = Array.from({ length: count - 1 }, (_, at) => sizedRule(at));
  writeFileSync(
    join(directory, 'rules.yaml'),
    `# Version ${version}
mode: enforce
roles: { physician: Physicians, nurse: Nurses }
rules:
${rules.join('\n')}
  - { name: charts-${version}, paths: ["/openemr/interface/chart/**", "/chart"], allow: [physician], patient: query.pid, category: chart, record: [pid], webSocket: true }
downloads:
  everyone: { files: 1000000/hour, size: 900TB/day, patients: 1000000/hour, then: ask }
`,
  );
}

/** As an EHR has them: everything stands below the same two folders. */
function sizedRule(at: number): string {
  const folder = `/openemr/interface/module-${at % 500}`;
  const paths = [`${folder}/page-${at}/{patient}/**`, `${folder}/list-${at}/{patient}`].map((path) => `"${path}"`).join(', ');
  return `  - name: rule-${at}
    paths: [${paths}]
    methods: [GET, POST]
    allow: [nurse, physician]
    patient: path.patient
    category: module-${at % 40}`;
}
