// What tests of the chart look at: the objects it makes of the shipped examples, and the parts of them.

import { join } from 'node:path';
import { expect } from 'vitest';
import { chart, merge, readYaml, renderChart } from './render-chart.ts';
import type { Tree } from './render-chart.ts';
import { requirement } from './requirements.ts';

export const helm = requirement('helm');

export const example = readYaml(join(chart, 'ci/example-values.yaml'));
export const everything = merge(example, readYaml(join(chart, 'ci/everything-values.yaml')));
const ingress = { kind: 'ingress', className: 'nginx', tlsSecretName: 'wardgate-public' };
export const throughIngress = merge(everything, { route: ingress });

/** Nothing where Helm is missing, because what is skipped is collected all the same. */
export function objects(values: Tree): readonly Tree[] {
  if (helm.path === undefined) return [];
  const { objects: rendered, refusal } = renderChart(helm.path, values);
  expect(refusal).toBe('');
  return rendered;
}

/** What a dotted path names: `spec.containers.0.image`. */
export function at(tree: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((node, key) => (node as Tree | undefined)?.[key], tree);
}

/** The one object of this kind whose name ends so. */
export function only(kind: string, all: readonly Tree[], nameEnds = ''): Tree {
  const found = all.filter((one) => one.kind === kind && String(at(one, 'metadata.name')).endsWith(nameEnds));
  expect(found.map((one) => one.kind)).toEqual([kind]);
  return found[0] ?? {};
}

export function namesOf(all: readonly Tree[]): readonly string[] {
  return all.map((one) => `${String(one.kind)}/${String(at(one, 'metadata.name'))}`).sort();
}

export function podOf(all: readonly Tree[]): Tree {
  return at(only('StatefulSet', all), 'spec.template.spec') as Tree;
}

export function mountsOf(all: readonly Tree[]): readonly Tree[] {
  return at(podOf(all), 'containers.0.volumeMounts') as Tree[];
}
