// Which values the chart refuses, and with which words: those of the schema first, and then, where the schema cannot say
// it, sentences that name the value and the fix.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkJsonSchema } from './support/check-json-schema.ts';
import { chart, merge, readYaml, renderChart } from './support/render-chart.ts';
import type { Tree } from './support/render-chart.ts';
import { requirement } from './support/requirements.ts';

const helm = requirement('helm');
const example = readYaml(join(chart, 'ci/example-values.yaml'));
const everything = merge(example, readYaml(join(chart, 'ci/everything-values.yaml')));
const defaults = readYaml(join(chart, 'values.yaml'));
const schema = JSON.parse(readFileSync(join(chart, 'values.schema.json'), 'utf8')) as Tree;

/** Every part of the schema with its path. */
function parts(node: Tree, path = 'values'): readonly (readonly [string, Tree])[] {
  const inner = Object.entries((node.properties ?? {}) as Tree).map(([key, part]) => [`${path}.${key}`, part] as const);
  const items = node.items === undefined ? [] : [[`${path}[]`, node.items] as const];
  return [[path, node], ...[...inner, ...items].flatMap(([at, part]) => parts(part as Tree, at))];
}

describe('the schema of the values', () => {
  test('describes every value, and knows exactly those of values.yaml', () => {
    expect(parts(schema).flatMap(([path, { description }]) => (typeof description === 'string' ? [] : [path]))).toEqual([]);
    const closed = parts(schema).filter(([path, part]) => part.additionalProperties === false && !path.includes('[]'));
    const missing = closed.flatMap(([path, part]) => {
      const given = path.split('.').slice(1).reduce<unknown>((node, key) => (node as Tree | undefined)?.[key], defaults); // prettier-ignore
      return Object.keys(part.properties as Tree).flatMap((key) => (given === undefined || key in (given as Tree) ? [] : [`${path}.${key}`])); // prettier-ignore
    });
    expect(missing).toEqual(['values.global']);
    expect(checkJsonSchema(schema, defaults)).toEqual([]);
  });

  const good: readonly (readonly [string, Tree])[] = [
    ['the example', {}],
    ['no instance, for a restore', { replicas: 0 }],
    ['a digest', { image: { digest: `sha256:${'a'.repeat(64)}` } }],
    ['a load balancer', { service: { type: 'LoadBalancer', annotations: { 'a.example/b': 'c' } } }],
    ['a port for machines', { gateway: { listen: { machines: { port: 8444 } } }, service: { machinesPort: 8444 } }],
    ['another health port', { gateway: { listen: { health: { port: 1024 } } } }],
    ['every option', everything],
  ];
  test.each(good)('accepts %s', (_what, values) => {
    expect(checkJsonSchema(schema, merge(merge(defaults, example), values))).toEqual([]);
  });

  const to = (peer: Tree): Tree => ({ networkPolicy: { to: { ehr: [peer] } } });
  const secret = (more: Tree): Tree => ({ secrets: [{ secret: 'a', key: 'b', file: 'c', ...more }] });
  const bad: readonly (readonly [string, Tree, string])[] = [
    ['more instances than anybody has tried', { replicas: 17 }, 'values.replicas: must be at most 16'],
    ['a key nobody knows', { replica: 1 }, 'values.replica: is not a known key'],
    ['a key nobody knows, deeper', { image: { tagg: '1' } }, 'values.image.tagg: is not a known key'],
    ['a secret in the values', secret({ value: 'd' }), 'values.secrets[0].value: is not a known key'],
    ['a secret file that leaves its folder', secret({ file: '../c' }), 'values.secrets[0].file: must match'],
    ['a name that is none', secret({ secret: 'a: b' }), 'values.secrets[0].secret: must match'],
    ['a privileged port', { gateway: { listen: { port: 443 } } }, 'values.gateway.listen.port: must be at least 1024'],
    ['a privileged port for machines', { gateway: { listen: { machines: { port: 444 } } } }, 'values.gateway.listen.machines.port: must be at least 1024'], // prettier-ignore
    ['health on loopback, where no probe reaches it', { gateway: { listen: { health: { host: '127.0.0.1' } } } }, 'values.gateway.listen.health.host: must be one of'], // prettier-ignore
    ['data outside the volume', { gateway: { data: '/data' } }, 'values.gateway.data: must be /var/lib/wardgate'],
    ['a volume for many pods', { data: { accessMode: 'ReadWriteMany' } }, 'values.data.accessMode: must be one of'],
    ['a size without a unit', { data: { size: '20' } }, 'values.data.size: must match'],
    ['a file outside the directory', { files: { '../a': '' } }, 'values.files.../a: must match'],
    ['a volume over the configuration', { mounts: [{ name: 'a', path: '/etc/wardgate', claim: 'b' }] }, 'values.mounts[0].path: must match'], // prettier-ignore
    ['a volume with a way out of its place', { mounts: [{ name: 'a', path: '/mnt/../etc', claim: 'b' }] }, 'values.mounts[0].path: must match'], // prettier-ignore
    ['a volume of the node', { mounts: [{ name: 'a', path: '/mnt/a', hostPath: '/' }] }, 'values.mounts[0].hostPath: is not a known key'], // prettier-ignore
    ['a way out to a name', to({ cidr: 'ehr.example', ports: [443] }), 'values.networkPolicy.to.ehr[0].cidr: must match'],
    ['a way out to every port', to({ cidr: '10.20.0.5/32' }), 'values.networkPolicy.to.ehr[0].ports: is missing'],
    ['too little time to finish', { terminationGracePeriodSeconds: 5 }, 'values.terminationGracePeriodSeconds: must be at least 30'], // prettier-ignore
    ['a number as text', { replicas: '1' }, 'values.replicas: must be integer'],
  ];
  test.each(bad)('refuses %s', (_what, values, says) => {
    expect(checkJsonSchema(schema, merge(merge(defaults, example), values)).join('\n')).toContain(says);
  });

  test('is checked by a reader that refuses what it does not understand', () => {
    expect(() => checkJsonSchema({ oneOf: [] }, {})).toThrow('Cannot check the schema keyword "oneOf" at values');
  });
});

helm.describe('the chart refuses', () => {
  const refusal = (values: Tree): string => renderChart(helm.path ?? '', values).refusal;
  const over = (values: Tree): string => refusal(merge(example, values));

  test('by the schema as well, with the place', () => {
    expect(over({ replica: 1 })).toMatch(/additional properties 'replica' not allowed/);
    expect(over({ data: { accessMode: 'ReadWriteMany' } })).toContain('/data/accessMode');
  });

  test('everything that is wrong at once', () => {
    const said = refusal({});
    expect(said).toContain('These values cannot be used:');
    expect(said).toContain('gateway.applications is missing: name at least one EHR with its address and upstream');
    expect(said).toContain('gateway.signIn is missing: name the identity provider');
    expect(said).toContain('rules is missing: give the rule file with --set-file rules=rules.yaml');
  });

  const byName = { applications: { pacs: { upstream: 'https://pacs.old.example' } } };
  const proxy = { gateway: { listen: { tlsEndedBy: ['10.244.0.0/16'] } } };
  const from = { networkPolicy: { from: [{ ipBlock: { cidr: '10.244.0.0/16' } }] } };
  const peer = (more: Tree): Tree => ({ networkPolicy: { to: { receivers: [{ ports: [514], ...more }] } } });
  const refused: readonly (readonly [string, Tree, string])[] = [
    ['a second instance', { replicas: 2 }, 'replicas is 2: several gateways share a PostgreSQL and a Redis, so name both in gateway.store (durable, redis), or set replicas to 1'], // prettier-ignore
    ['a second one that hears nothing', { replicas: 2, gateway: { store: { durable: 'postgres://w@db/w' } } }, 'so name both in gateway.store'], // prettier-ignore
    ['a master key for each', { replicas: 2, gateway: { masterKeyFile: '/var/lib/wardgate/master.key' } }, 'replicas is 2, and gateway.masterKeyFile is "/var/lib/wardgate/master.key": all gateways need one master key'], // prettier-ignore
    ['pods that stop at once', { replicas: 2 }, 'replicas is 2, and preStopSeconds is 0: people would still be sent to a pod that stops; give at least 5'], // prettier-ignore
    ['one volume for two', { replicas: 2, data: { existingClaim: 'trail' } }, 'data.existingClaim is "trail", and replicas is 2: each instance needs a volume of its own'], // prettier-ignore
    ['a store that the policy shuts', { gateway: { store: { durable: 'postgres://w@db/w' } } }, 'networkPolicy.to.store is empty, and gateway.store is given: name where PostgreSQL and Redis are'], // prettier-ignore
    ['a password that nothing mounts', { gateway: { store: { durable: { url: 'postgres://w@db/w', passwordFile: '/run/secrets/pg' } } } }, 'gateway.store.durable.passwordFile is "/run/secrets/pg", and no entry of secrets makes that file'], // prettier-ignore
    ['two sources of rules', { rulesConfigMapName: 'theirs' }, 'rules and rulesConfigMapName "theirs" are both given: keep one'],
    ['a second gateway.yaml', { files: { 'gateway.yaml': '' } }, 'files has "gateway.yaml": the chart makes that file itself, so give it as gateway'], // prettier-ignore
    ['less time than a drain takes', { gateway: { limits: { drain: '1m' } } }, 'terminationGracePeriodSeconds is 40: requests may take 1m to finish (gateway.limits.drain) after 0 seconds of preStopSeconds, and the record needs 10 more; give at least 70'], // prettier-ignore
    ['less time than drain and wait take', { preStopSeconds: 10 }, 'give at least 45'],
    ['no certificate', { tls: { secretName: '' } }, 'tls.secretName is empty: name the Secret of type kubernetes.io/tls'],
    ['a proxy that is not believed', { route: { kind: 'ingress' }, ...from }, 'route.kind is "ingress": TLS then ends in front of the gateway, so name the addresses of those proxies in gateway.listen.tlsEndedBy'], // prettier-ignore
    ['a plain port for everybody', { route: { kind: 'ingress' }, ...proxy }, 'networkPolicy.from is empty, and route.kind is "ingress": name the pods of the proxy'], // prettier-ignore
    [
      'a route to no Gateway',
      { route: { kind: 'http-route' }, ...proxy, ...from },
      'route.parentRefs is empty: name the Gateway',
    ],
    ['an EHR that the policy cannot know', { gateway: byName }, 'networkPolicy.to.ehr is empty: a network policy cannot know the name in gateway.applications.pacs.upstream "https://pacs.old.example"; give its address ({ cidr: 10.20.0.5/32, ports: [443] }) or its pods'], // prettier-ignore
    ['a provider that it cannot know', { networkPolicy: { to: { provider: [] } } }, 'networkPolicy.to.provider is empty: a network policy cannot know the name in gateway.signIn.issuer "https://login.northside.example/realms/clinic"'], // prettier-ignore
    ['a way out to nobody', peer({}), 'networkPolicy.to.receivers[0] must name either an address'],
    ['a way out to two', peer({ cidr: '10.0.0.1/32', pods: { app: 'log' } }), 'networkPolicy.to.receivers[0] must name either an address'], // prettier-ignore
    ['an address in a namespace', peer({ cidr: '10.0.0.1/32', namespace: 'logs' }), 'networkPolicy.to.receivers[0].namespace is "logs": only pods have a namespace'], // prettier-ignore
    ['a secret file that nothing makes', { gateway: { signIn: { clientSecretFile: '/run/secrets/other' } } }, 'gateway.signIn.clientSecretFile is "/run/secrets/other", and no entry of secrets makes that file: add { secret: …, key: …, file: other }'], // prettier-ignore
    ['a trusted file that nothing makes', { trust: { configMapName: '' } }, 'gateway.applications.pacs.trust is "/etc/wardgate-trust/clinic-ca.pem", and trust.configMapName is empty'], // prettier-ignore
    ['a secret from a variable', { gateway: { signIn: { clientSecretEnv: 'OIDC' } } }, 'gateway.signIn.clientSecretEnv names a variable, and the pod gets none: name a Secret under secrets, and write clientSecretFile: /run/secrets/… in its place'], // prettier-ignore
  ];
  test.each(refused)('%s', (_what, values, says) => {
    expect(over(values)).toContain(says);
  });

  test.each([
    ['gateway.signIn.clientSecret', { gateway: { signIn: { clientSecret: 'hunter2' } } }],
    ['gateway.applications.pacs.signOn.password', { gateway: { applications: { pacs: { signOn: { password: 'hunter2' } } } } }],
    ['gateway.audit.anchors[0].authorization', { gateway: { audit: { anchors: [{ authorization: 'hunter2' }] } } }],
    ['alerts.notify.mail.password', { alerts: { notify: { mail: { password: 'hunter2' } } } }],
  ])('a secret at %s, without telling it', (place, values) => {
    const said = over(values);
    expect(said).toContain(`${place} would stand in a ConfigMap that many can read: put it into a Secret`);
    expect(said).not.toContain('hunter2');
  });

  test('nothing of what the network would need where there is no policy', () => {
    expect(over({ gateway: byName, networkPolicy: { enabled: false, to: { provider: [] } } })).toBe('');
  });
});
