// The chart, rendered by Helm: what a cluster would be told, held to Kubernetes' own schemas and to the gateway's own
// check. No cluster is needed; where Helm or the schemas are missing, what needs them is skipped by name. Who reaches whom
// stands in helm-network.test.ts, which values are refused in helm-values.test.ts.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadConfiguration } from '../src/config/load.ts';
import {
  at,
  everything,
  example,
  helm,
  mountsOf,
  namesOf,
  objects,
  only,
  podOf,
  throughIngress,
} from './support/chart-objects.ts';
import { chart, judgeObjects, lintChart, merge, readYaml } from './support/render-chart.ts';
import type { Tree } from './support/render-chart.ts';
import { requirement } from './support/requirements.ts';

const kubernetes = requirement('kubernetes');
const defaults = readYaml(join(chart, 'values.yaml'));

const over = (values: Tree): readonly Tree[] => objects(merge(example, values));
const volume = (all: readonly Tree[], name: string): Tree | undefined =>
  (podOf(all).volumes as Tree[]).find((one) => one.name === name);

helm.describe('the chart', () => {
  const small = objects(example);
  const whole = objects(everything);

  test('passes lint', () => {
    expect(lintChart(helm.path ?? '', example)).toBe('');
    expect(lintChart(helm.path ?? '', everything)).toBe('');
  });

  const always = ['ConfigMap/clinic-wardgate-gateway', 'ConfigMap/clinic-wardgate-rules', 'NetworkPolicy/clinic-wardgate'];
  const others = ['PodDisruptionBudget', 'Service', 'ServiceAccount', 'StatefulSet'].map((kind) => `${kind}/clinic-wardgate`);

  test('makes exactly these objects, all labelled for this release', () => {
    expect(namesOf(small)).toEqual([...always, ...others, 'Service/clinic-wardgate-pods'].sort());
    const more = ['ConfigMap/clinic-wardgate-alerts', 'HTTPRoute/clinic-wardgate', 'NetworkPolicy/clinic-wardgate-ehr-0'];
    expect(namesOf(whole)).toEqual(
      [...always, ...others, ...more, 'Service/clinic-wardgate-pods', 'ServiceMonitor/clinic-wardgate'].sort(),
    );
    for (const one of whole) expect(at(one, 'metadata.labels')).toMatchObject({ 'app.kubernetes.io/instance': 'clinic' });
  });

  test.each([
    ['example', small, ['/tmp', '/var/lib/wardgate']],
    ['everything', whole, ['/mnt/anchor', '/tmp', '/var/lib/wardgate']],
  ])('runs as pod security "restricted" asks, on a root it cannot write: %s', (_what, all, writable) => {
    const pod = podOf(all);
    expect(pod).toMatchObject({ automountServiceAccountToken: false, securityContext: { runAsNonRoot: true, runAsUser: 10001 } });
    expect(pod.securityContext).toMatchObject({ seccompProfile: { type: 'RuntimeDefault' } });
    for (const key of ['hostNetwork', 'hostPID', 'hostIPC', 'initContainers', 'ephemeralContainers']) expect(pod).not.toHaveProperty(key); // prettier-ignore
    expect(pod.containers).toHaveLength(1);
    expect(at(pod, 'containers.0.securityContext')).toEqual({
      allowPrivilegeEscalation: false,
      privileged: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(JSON.stringify(pod)).not.toContain('hostPort');
    const kinds = (pod.volumes as Tree[]).flatMap((one) => Object.keys(one).filter((key) => key !== 'name'));
    const allowed = ['configMap', 'emptyDir', 'persistentVolumeClaim', 'projected', 'secret'];
    expect(kinds.filter((kind) => !allowed.includes(kind))).toEqual([]);
    const written = mountsOf(all).filter((mount) => mount.readOnly !== true);
    expect(written.map(({ mountPath }) => String(mountPath)).sort()).toEqual(writable);
  });

  test('probes the health port, and gives a pod that stops the time it needs', () => {
    const container = at(podOf(whole), 'containers.0');
    expect(at(container, 'livenessProbe.httpGet')).toEqual({ path: '/healthz', port: 'health' });
    expect(at(container, 'readinessProbe.httpGet')).toEqual({ path: '/readyz', port: 'health' });
    expect(at(container, 'ports')).toMatchObject([
      { name: 'proxy', containerPort: 8443 },
      { name: 'health', containerPort: 9464 },
    ]);
    expect(at(container, 'lifecycle.preStop')).toEqual({ sleep: { seconds: 5 } });
    expect(podOf(small).terminationGracePeriodSeconds).toBe(40);
    expect(at(podOf(small), 'containers.0.lifecycle')).toBeUndefined();
  });

  test('gives each pod a volume that outlives the release, or the one claim it is given', () => {
    const spec = at(only('StatefulSet', whole), 'spec');
    expect(spec).toMatchObject({
      serviceName: 'clinic-wardgate-pods',
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
    });
    expect(at(spec, 'volumeClaimTemplates.0')).toEqual({
      metadata: { name: 'data' },
      spec: { accessModes: ['ReadWriteOncePod'], storageClassName: 'safe', resources: { requests: { storage: '20Gi' } } },
    });
    const given = over({ data: { existingClaim: 'trail' } });
    expect(at(only('StatefulSet', given), 'spec.volumeClaimTemplates')).toBeUndefined();
    expect(volume(given, 'data')).toEqual({ name: 'data', persistentVolumeClaim: { claimName: 'trail' } });
  });

  test('keeps rules, alerts and the gateway file in ConfigMaps of their own, and joins them in one directory', () => {
    expect(at(only('ConfigMap', small, '-rules'), 'data')).toEqual({ 'rules.yaml': example.rules });
    const [text] = Object.values(at(only('ConfigMap', small, '-gateway'), 'data') as Tree);
    expect(parse(String(text))).toEqual(merge(defaults.gateway as Tree, example.gateway as Tree));
    expect(Object.keys(at(only('ConfigMap', whole, '-gateway'), 'data') as Tree)).toEqual(['gateway.yaml', 'northside.yaml']);
    const rules = { configMap: { name: 'clinic-wardgate-rules', items: [{ key: 'rules.yaml', path: 'rules.yaml' }] } };
    const gateway = { configMap: { name: 'clinic-wardgate-gateway' } };
    expect(at(volume(small, 'config'), 'projected.sources')).toEqual([gateway, rules]);
    expect(at(volume(whole, 'config'), 'projected.sources')).toEqual([gateway, rules, { configMap: { name: 'clinic-wardgate-alerts' } }]); // prettier-ignore
    // A file that is mounted by itself (subPath) would never be renewed.
    expect(mountsOf(whole).filter((mount) => 'subPath' in mount)).toEqual([]);
    const kept = objects({ ...example, rules: '', rulesConfigMapName: 'clinic-rules' });
    expect(namesOf(kept).filter((name) => name.startsWith('ConfigMap'))).toEqual(['ConfigMap/clinic-wardgate-gateway']);
    expect(at(volume(kept, 'config'), 'projected.sources.1.configMap.name')).toBe('clinic-rules');
  });

  test('gives the gateway every secret under its name, and files that pass its own check', async () => {
    expect(at(volume(small, 'secrets'), 'projected.sources')).toEqual([
      { secret: { name: 'wardgate-oidc', items: [{ key: 'client-secret', path: 'oidc' }] } },
      { secret: { name: 'wardgate-orthanc', items: [{ key: 'password', path: 'orthanc' }] } },
      { secret: { name: 'wardgate-master-key', items: [{ key: 'key', path: 'master-key' }] } },
    ]);
    for (const all of [small, whole]) {
      const folder = mkdtempSync(join(tmpdir(), 'wardgate-chart-'));
      try {
        const files = all.filter(({ kind }) => kind === 'ConfigMap').flatMap(({ data }) => Object.entries(data as Tree));
        for (const [name, text] of files) writeFileSync(join(folder, name), String(text));
        const loaded = await loadConfiguration(join(folder, 'gateway.yaml'), { secrets: 'optional' });
        expect(loaded.ok ? [] : loaded.mistakes).toEqual([]);
      } finally {
        rmSync(folder, { recursive: true });
      }
    }
  });

  test('restarts for what the gateway reads at its start, and not for rules', () => {
    const sum = (values: Tree) => at(only('StatefulSet', over(values)), 'spec.template.metadata.annotations');
    const before = sum({});
    expect(sum({ rules: 'mode: observe\n' })).toEqual(before);
    expect(sum({ gateway: { clinic: { name: 'Southside' } } })).not.toEqual(before);
    expect(sum({ alerts: { detectors: { 'two-places': 'off' } } })).not.toEqual(before);
    expect(sum({ files: { 'a.pem': 'x' } })).not.toEqual(before);
  });

  test('hands scheduling on as it is told', () => {
    expect(at(podOf(whole), 'containers.0.image')).toBe(`images.northside.example/wardgate@sha256:${'a'.repeat(64)}`);
    expect(podOf(whole)).toMatchObject({
      imagePullSecrets: [{ name: 'registry' }],
      priorityClassName: 'clinic-critical',
      nodeSelector: { disk: 'ssd' },
      tolerations: [{ key: 'clinic' }],
      affinity: at(everything, 'affinity'),
      topologySpreadConstraints: [{ topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { 'app.kubernetes.io/instance': 'clinic' } } }], // prettier-ignore
    });
    expect(at(only('StatefulSet', whole), 'spec.template.metadata.annotations')).toMatchObject({
      'northside.example/backed-up': 'yes',
    });
    expect(at(only('PodDisruptionBudget', whole), 'spec.maxUnavailable')).toBe(1);
  });

  kubernetes.describe('beside the schemas of Kubernetes', () => {
    // Gateway API and the Prometheus operator bring kinds of their own, which are in none of these schemas.
    const known = (all: readonly Tree[]) => all.filter(({ kind }) => kind !== 'HTTPRoute' && kind !== 'ServiceMonitor');

    test.each(['1.30.0', '1.37.0'])('passes those of %s', (version) => {
      const all = known([...small, ...whole, ...objects(throughIngress)]);
      expect(judgeObjects(kubernetes.path ?? '', version, all)).toBe('');
    });

    test('would be refused for an unknown field, and for a wrong type', () => {
      const set = only('StatefulSet', small);
      const unknown = merge(set, { spec: { replica: 1 } });
      expect(judgeObjects(kubernetes.path ?? '', '1.37.0', [unknown])).toContain('replica');
      expect(judgeObjects(kubernetes.path ?? '', '1.37.0', [merge(set, { spec: { replicas: 'one' } })])).toContain('one');
    });
  });
});

describe('the examples of the chart', () => {
  test('hold no secret', () => {
    expect(JSON.stringify(everything)).not.toMatch(/BEGIN|"(?:password|clientSecret)":/);
  });
});
