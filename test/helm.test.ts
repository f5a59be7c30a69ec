// The chart, rendered with the real template engine and read as YAML: what a cluster would be told, and which values it
// refuses. No cluster is needed; where neither Helm nor Go is installed the rendering is skipped by name.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadConfiguration } from '../src/config/load.ts';
import { checkJsonSchema } from './support/check-json-schema.ts';
import { chartRenderer, merge, readYaml, renderChart } from './support/render-chart.ts';
import type { Tree } from './support/render-chart.ts';

const chart = new URL('../helm/wardgate', import.meta.url).pathname;
const example = readYaml(join(chart, 'ci/example-values.yaml'));
const defaults = readYaml(join(chart, 'values.yaml'));
const schema = JSON.parse(readFileSync(join(chart, 'values.schema.json'), 'utf8')) as Tree;
const renderer = chartRenderer();

/** What a dotted path names: `spec.containers.0.image`. */
function at(tree: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((node, key) => (node as Tree | undefined)?.[key], tree);
}

function objects(values: Tree = {}): readonly Tree[] {
  if (renderer === null) throw new Error('No renderer');
  return renderChart(renderer, chart, merge(example, values));
}

function only(kind: string, all: readonly Tree[], nameEnds = ''): Tree {
  const found = all.filter((one) => one.kind === kind && String(at(one, 'metadata.name')).endsWith(nameEnds));
  expect(found.map((one) => one.kind)).toEqual([kind]);
  return found[0] ?? {};
}

describe('the schema of the values', () => {
  const good: readonly (readonly [string, Tree])[] = [
    ['the example', {}],
    ['no instance, for a restore', { replicas: 0 }],
    ['a digest', { image: { digest: `sha256:${'a'.repeat(64)}` } }],
    ['a load balancer', { service: { type: 'LoadBalancer', annotations: { 'a.example/b': 'c' } } }],
    ['a port for machines', { gateway: { listen: { machines: { port: 8444 } } }, service: { machinesPort: 8444 } }],
    ['another health port', { gateway: { listen: { health: { port: 1024 } } } }],
  ];
  test.each(good)('accepts %s', (_what, values) => {
    expect(checkJsonSchema(schema, merge(merge(defaults, example), values))).toEqual([]);
  });

  const bad: readonly (readonly [string, Tree, string])[] = [
    ['a second instance without shared state', { replicas: 2 }, 'values.replicas: must be at most 1'],
    ['a key nobody knows', { replica: 1 }, 'values.replica: is not a known key'],
    ['a key nobody knows, deeper', { image: { tagg: '1' } }, 'values.image.tagg: is not a known key'],
    [
      'a secret in the values',
      { secrets: [{ secret: 'a', key: 'b', file: 'c', value: 'd' }] },
      'values.secrets[0].value: is not a known key',
    ],
    [
      'a secret file that leaves its folder',
      { secrets: [{ secret: 'a', key: 'b', file: '../c' }] },
      'values.secrets[0].file: must match',
    ],
    ['a privileged port', { gateway: { listen: { port: 443 } } }, 'values.gateway.listen.port: must be at least 1024'],
    [
      'a privileged port for machines',
      { gateway: { listen: { machines: { port: 444 } } } },
      'values.gateway.listen.machines.port: must be at least 1024',
    ],
    [
      'health on loopback, where no probe reaches it',
      { gateway: { listen: { health: { host: '127.0.0.1' } } } },
      'values.gateway.listen.health.host: must be one of',
    ],
    ['data outside the volume', { gateway: { data: '/data' } }, 'values.gateway.data: must be /var/lib/wardgate'],
    ['a volume for many pods', { data: { accessMode: 'ReadWriteMany' } }, 'values.data.accessMode: must be one of'],
    ['a size without a unit', { data: { size: '20' } }, 'values.data.size: must match'],
    [
      'too little time to finish',
      { terminationGracePeriodSeconds: 5 },
      'values.terminationGracePeriodSeconds: must be at least 30',
    ],
    ['a number as text', { replicas: '1' }, 'values.replicas: must be integer'],
  ];
  test.each(bad)('refuses %s', (_what, values, says) => {
    expect(checkJsonSchema(schema, merge(merge(defaults, example), values)).join('\n')).toContain(says);
  });

  test('is checked by a reader that refuses what it does not understand', () => {
    expect(() => checkJsonSchema({ oneOf: [] }, {})).toThrow('Cannot check the schema keyword "oneOf" at values');
  });
});

describe.skipIf(renderer === null)(
  `the chart, rendered with ${renderer ?? 'nothing (skipped: neither helm nor go is installed)'}`,
  () => {
    test('makes exactly these objects, all labelled for this release', { timeout: 120_000 }, () => {
      const all = objects();
      expect(all.map((one) => `${String(one.kind)}/${String(at(one, 'metadata.name'))}`).sort()).toEqual([
        'ConfigMap/clinic-wardgate-gateway',
        'ConfigMap/clinic-wardgate-rules',
        'Deployment/clinic-wardgate',
        'NetworkPolicy/clinic-wardgate',
        'PersistentVolumeClaim/clinic-wardgate-data',
        'PodDisruptionBudget/clinic-wardgate',
        'Service/clinic-wardgate',
        'ServiceAccount/clinic-wardgate',
      ]);
      for (const one of all) expect(at(one, 'metadata.labels')).toMatchObject({ 'app.kubernetes.io/instance': 'clinic' });
    });

    test('runs without privilege, on a root it cannot write', () => {
      const pod = at(only('Deployment', objects()), 'spec.template.spec') as Tree;
      expect(pod).toMatchObject({ hostname: 'wardgate', automountServiceAccountToken: false, terminationGracePeriodSeconds: 40 });
      expect(pod.securityContext).toMatchObject({
        runAsNonRoot: true,
        runAsUser: 10001,
        seccompProfile: { type: 'RuntimeDefault' },
      });
      expect(at(pod, 'containers.0.securityContext')).toMatchObject({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      const writable = (at(pod, 'containers.0.volumeMounts') as Tree[]).filter((mount) => mount.readOnly !== true);
      expect(writable).toEqual([{ name: 'data', mountPath: '/var/lib/wardgate' }]);
    });

    test('probes the health port, and lets the old instance go before the new one starts', () => {
      const deployment = only('Deployment', objects());
      const container = at(deployment, 'spec.template.spec.containers.0');
      expect(at(container, 'livenessProbe.httpGet')).toEqual({ path: '/healthz', port: 'health' });
      expect(at(container, 'readinessProbe.httpGet')).toEqual({ path: '/readyz', port: 'health' });
      expect(at(container, 'ports')).toMatchObject([
        { name: 'proxy', containerPort: 8443 },
        { name: 'health', containerPort: 9464 },
      ]);
      expect(at(deployment, 'spec')).toMatchObject({ replicas: 1, strategy: { type: 'Recreate' } });
    });

    test('offers the proxy port alone, and health to one namespace alone', () => {
      const all = objects();
      expect(at(only('Service', all), 'spec.ports')).toEqual([
        { name: 'https', port: 443, targetPort: 'proxy', protocol: 'TCP' },
      ]);
      expect(at(only('NetworkPolicy', all), 'spec.ingress')).toEqual([
        { ports: [{ port: 'proxy', protocol: 'TCP' }] },
        {
          ports: [{ port: 'health', protocol: 'TCP' }],
          from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } }],
        },
      ]);
    });

    test('offers the port of the machines where there is one, to whom may reach it', () => {
      const servers = [{ ipBlock: { cidr: '10.20.9.0/24' } }];
      const listen = { machines: { port: 8445 } };
      const all = objects({ gateway: { listen }, service: { machinesPort: 8444 }, networkPolicy: { machinesFrom: servers } });
      const ports = at(only('Deployment', all), 'spec.template.spec.containers.0.ports');
      expect(ports).toContainEqual({ name: 'machines', containerPort: 8445, protocol: 'TCP' });
      const offered = (port: number) => ({ name: 'machines', port, targetPort: 'machines', protocol: 'TCP' });
      expect(at(only('Service', all), 'spec.ports')).toContainEqual(offered(8444));
      const rule = { ports: [{ port: 'machines', protocol: 'TCP' }] };
      expect(at(only('NetworkPolicy', all), 'spec.ingress')).toContainEqual({ ...rule, from: servers });

      const plain = objects({ gateway: { listen } });
      expect(at(only('Service', plain), 'spec.ports')).toContainEqual(offered(8445));
      expect(at(only('NetworkPolicy', plain), 'spec.ingress')).toContainEqual(rule);
    });

    test('keeps rules in a ConfigMap of their own, comments and all', () => {
      const all = objects();
      expect(at(only('ConfigMap', all, '-rules'), 'data')).toEqual({ 'rules.yaml': example.rules });
      const text = String((at(only('ConfigMap', all, '-gateway'), 'data') as Tree)['gateway.yaml']);
      expect(parse(text)).toEqual(merge(defaults.gateway as Tree, example.gateway as Tree));
    });

    test('makes alerts.yaml of the value alerts, and none where it is empty', () => {
      const files = (all: ReturnType<typeof objects>) => at(only('ConfigMap', all, '-gateway'), 'data') as Tree;
      const alerts = { detectors: { 'two-places': 'off', 'many-patients': { moreThan: 40 } } };
      expect(parse(String(files(objects({ alerts }))['alerts.yaml']))).toEqual(alerts);
      expect(Object.keys(files(objects()))).toEqual(['gateway.yaml']);
    });

    test('gives the gateway two files that pass its own check', async () => {
      const all = objects();
      const folder = mkdtempSync(join(tmpdir(), 'wardgate-chart-'));
      try {
        for (const part of ['gateway', 'rules']) {
          const data = at(only('ConfigMap', all, `-${part}`), 'data') as Tree;
          writeFileSync(join(folder, `${part}.yaml`), String(data[`${part}.yaml`]));
        }
        const loaded = await loadConfiguration(join(folder, 'gateway.yaml'), { secrets: 'optional' });
        expect(loaded.ok ? [] : loaded.mistakes).toEqual([]);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });

    test('puts both files into one directory and every secret under its name', () => {
      const volumes = at(only('Deployment', objects()), 'spec.template.spec.volumes') as Tree[];
      expect(volumes.find((one) => one.name === 'config')).toMatchObject({
        projected: {
          sources: [{ configMap: { name: 'clinic-wardgate-gateway' } }, { configMap: { name: 'clinic-wardgate-rules' } }],
        },
      });
      expect(
        at(
          volumes.find((one) => one.name === 'secrets'),
          'projected.sources',
        ),
      ).toEqual([
        { secret: { name: 'wardgate-oidc', items: [{ key: 'client-secret', path: 'oidc' }] } },
        { secret: { name: 'wardgate-orthanc', items: [{ key: 'password', path: 'orthanc' }] } },
        { secret: { name: 'wardgate-master-key', items: [{ key: 'key', path: 'master-key' }] } },
      ]);
    });

    test('restarts when the gateway file changes, not when the rules do', () => {
      const sum = (values: Tree) => at(only('Deployment', objects(values)), 'spec.template.metadata.annotations');
      const before = sum({});
      expect(sum({ rules: 'mode: observe\n' })).toEqual(before);
      expect(sum({ gateway: { clinic: { name: 'Southside' } } })).not.toEqual(before);
    });

    test('keeps the volume when the release is removed, or uses the one it is given', () => {
      expect(at(only('PersistentVolumeClaim', objects()), 'metadata.annotations')).toEqual({ 'helm.sh/resource-policy': 'keep' });
      const given = objects({ data: { existingClaim: 'trail' } });
      expect(given.filter((one) => one.kind === 'PersistentVolumeClaim')).toEqual([]);
      const volumes = at(only('Deployment', given), 'spec.template.spec.volumes') as Tree[];
      expect(volumes.find((one) => one.name === 'data')).toEqual({ name: 'data', persistentVolumeClaim: { claimName: 'trail' } });
    });

    test('turns every option on without losing its shape', () => {
      const all = objects({
        image: { digest: `sha256:${'a'.repeat(64)}`, pullSecrets: ['pull'] },
        networkPolicy: {
          from: [{ ipBlock: { cidr: '10.20.0.0/16' } }],
          egress: [{ to: [{ ipBlock: { cidr: '10.20.0.5/32' } }] }],
        },
        service: { type: 'LoadBalancer', annotations: { 'a.example/b': 'c' } },
        data: { storageClassName: 'safe' },
        nodeSelector: { disk: 'ssd' },
        tolerations: [{ key: 'clinic', operator: 'Exists' }],
        affinity: { nodeAffinity: {} },
        podAnnotations: { 'a.example/c': 'd' },
      });
      const pod = at(only('Deployment', all), 'spec.template.spec') as Tree;
      expect(at(only('Deployment', all), 'spec.template.metadata.annotations')).toMatchObject({ 'a.example/c': 'd' });
      expect(at(pod, 'containers.0.image')).toBe(`wardgate@sha256:${'a'.repeat(64)}`);
      expect(pod).toMatchObject({
        imagePullSecrets: [{ name: 'pull' }],
        nodeSelector: { disk: 'ssd' },
        tolerations: [{ key: 'clinic' }],
      });
      expect(at(only('NetworkPolicy', all), 'spec')).toMatchObject({ policyTypes: ['Ingress', 'Egress'], egress: [{}] });
      expect(at(only('Service', all), 'spec.externalTrafficPolicy')).toBe('Local');
      expect(at(only('PersistentVolumeClaim', all), 'spec')).toMatchObject({
        accessModes: ['ReadWriteOncePod'],
        storageClassName: 'safe',
      });
    });

    const { applications: _applications, ...noApplications } = example.gateway as Tree;
    const { signIn: _signIn, ...noProvider } = example.gateway as Tree;
    const missing: readonly (readonly [string, Tree, string])[] = [
      ['applications', { ...example, gateway: noApplications }, 'gateway.applications is missing'],
      ['the provider', { ...example, gateway: noProvider }, 'gateway.signIn is missing'],
      ['rules', { ...example, rules: '' }, 'rules is missing: give the rule file with --set-file rules=rules.yaml'],
    ];
    test.each(missing)('refuses to render without %s', (_what, values, says) => {
      expect(() => renderChart(renderer ?? 'go', chart, values)).toThrow(says);
    });
  },
);
