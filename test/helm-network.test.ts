// Who reaches whom, as the chart tells a cluster: people and machines the gateway, the gateway its EHRs and what else it
// needs, nobody else the EHR.

import { expect, test } from 'vitest';
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
import { merge } from './support/render-chart.ts';
import type { Tree } from './support/render-chart.ts';

const over = (values: Tree): readonly Tree[] => objects(merge(example, values));

helm.describe('the chart', () => {
  const small = objects(example);
  const whole = objects(everything);

  test('offers people the proxy port alone, and the collector of metrics each pod', () => {
    expect(at(only('Service', small, 'wardgate'), 'spec.ports')).toEqual([
      { name: 'https', port: 443, targetPort: 'proxy', protocol: 'TCP' },
    ]);
    expect(at(only('Service', small, '-pods'), 'spec')).toMatchObject({
      clusterIP: 'None',
      ports: [{ name: 'health', port: 9464 }],
    });
    const balanced = over({ service: { type: 'LoadBalancer' } });
    expect(at(only('Service', balanced, 'wardgate'), 'spec.externalTrafficPolicy')).toBe('Local');
    expect(at(only('ServiceMonitor', whole), 'spec')).toMatchObject({
      selector: { matchLabels: { 'app.kubernetes.io/instance': 'clinic', 'wardgate.example/serves': 'health' } },
      endpoints: [{ port: 'health', path: '/metrics', interval: '15s' }],
    });
    const labels = at(only('Service', whole, '-pods'), 'metadata.labels');
    expect(labels).toMatchObject(at(only('ServiceMonitor', whole), 'spec.selector.matchLabels') as Tree);
    expect(at(only('Service', whole, 'wardgate'), 'metadata.labels')).not.toHaveProperty('wardgate.example/serves');
  });

  test('lets the gateway reach its name server, its EHRs, its provider, its stores and its receivers, and nobody else', () => {
    const spec = at(only('NetworkPolicy', whole, 'wardgate'), 'spec') as Tree;
    expect(spec.policyTypes).toEqual(['Ingress', 'Egress']);
    const pods = (labels: Tree, namespace: string) => ({
      podSelector: { matchLabels: labels },
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
    });
    const to = (cidr: string, port: number, protocol = 'TCP') => ({ to: [{ ipBlock: { cidr } }], ports: [{ port, protocol }] });
    expect(spec.egress).toEqual([
      { to: [pods({ 'k8s-app': 'kube-dns' }, 'kube-system')], ports: [{ port: 53, protocol: 'UDP' }, { port: 53, protocol: 'TCP' }] }, // prettier-ignore
      to('10.20.0.6/32', 8043),
      { to: [pods({ app: 'openemr' }, 'ehr-old')], ports: [{ port: 80, protocol: 'TCP' }] },
      to('10.20.0.9/32', 443),
      to('10.20.0.50/32', 5432),
      { to: to('10.20.0.48/28', 0).to, ports: [6379, 26_379].map((port) => ({ port, protocol: 'TCP' })) },
      to('10.20.0.30/32', 514, 'UDP'),
      to('2001:db8::30/128', 6514),
      to('10.20.0.40/32', 25),
    ]);
    expect(spec.ingress).toEqual([
      { ports: [{ port: 'proxy', protocol: 'TCP' }], from: at(everything, 'networkPolicy.from') },
      {
        ports: [{ port: 'health', protocol: 'TCP' }],
        from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } }],
      },
    ]);
  });

  test('lets nobody but the gateway reach an EHR in the same cluster', () => {
    const guard = only('NetworkPolicy', whole, '-ehr-0');
    expect(at(guard, 'metadata.namespace')).toBe('ehr-old');
    expect(guard.spec).toEqual({
      podSelector: { matchLabels: { app: 'openemr' } },
      policyTypes: ['Ingress'],
      ingress: [
        {
          from: [
            {
              podSelector: { matchLabels: { 'app.kubernetes.io/name': 'wardgate', 'app.kubernetes.io/instance': 'clinic' } },
              namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ehr' } },
            },
          ],
          ports: [{ port: 80, protocol: 'TCP' }],
        },
      ],
    });
    const open = objects(merge(everything, { networkPolicy: { guardEhr: false } }));
    expect(namesOf(open).filter((name) => name.endsWith('-ehr-0'))).toEqual([]);
    expect(namesOf(over({ networkPolicy: { enabled: false } })).filter((name) => name.startsWith('NetworkPolicy'))).toEqual([]);
  });

  test('offers the port of the machines where there is one, to whom may reach it', () => {
    const servers = [{ ipBlock: { cidr: '10.20.9.0/24' } }];
    const listen = { machines: { port: 8445 } };
    const all = over({ gateway: { listen }, service: { machinesPort: 8444 }, networkPolicy: { machinesFrom: servers } });
    expect(at(podOf(all), 'containers.0.ports')).toContainEqual({ name: 'machines', containerPort: 8445, protocol: 'TCP' });
    const offered = (port: number) => ({ name: 'machines', port, targetPort: 'machines', protocol: 'TCP' });
    expect(at(only('Service', all, 'wardgate'), 'spec.ports')).toContainEqual(offered(8444));
    const rule = { ports: [{ port: 'machines', protocol: 'TCP' }] };
    expect(at(only('NetworkPolicy', all), 'spec.ingress')).toContainEqual({ ...rule, from: servers });
    const plain = over({ gateway: { listen } });
    expect(at(only('Service', plain, 'wardgate'), 'spec.ports')).toContainEqual(offered(8445));
    expect(at(only('NetworkPolicy', plain), 'spec.ingress')).toContainEqual(rule);
  });

  test('leads people through a proxy that ends TLS, by the addresses they type', () => {
    const hosts = ['ehr.northside.example', 'pacs.northside.example'];
    expect(at(only('HTTPRoute', whole), 'spec')).toMatchObject({
      parentRefs: [{ name: 'clinic', namespace: 'gateways', sectionName: 'https' }],
      hostnames: hosts,
      rules: [{ backendRefs: [{ name: 'clinic-wardgate', port: 80 }] }],
    });
    const ingress = at(only('Ingress', objects(throughIngress)), 'spec') as Tree;
    expect(ingress).toMatchObject({ ingressClassName: 'nginx', tls: [{ secretName: 'wardgate-public', hosts }] });
    expect((ingress.rules as Tree[]).map(({ host }) => host)).toEqual(hosts);
    expect(at(only('Service', whole, 'wardgate'), 'spec.ports.0.name')).toBe('http');
    expect(mountsOf(whole).map(({ name }) => name)).not.toContain('tls');
    const text = String(Object.values(at(only('ConfigMap', whole, '-gateway'), 'data') as Tree)[0]);
    expect(text).not.toContain('keyFile');
  });
});
