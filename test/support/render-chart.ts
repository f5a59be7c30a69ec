// Renders the chart with Helm and holds what comes out to Kubernetes' own schemas. Never talks to a cluster.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';

export type Tree = { readonly [key: string]: unknown };

export const chart = new URL('../../helm/wardgate', import.meta.url).pathname;

/** Helm's answer to these values, laid over values.yaml. */
export interface Rendered {
  readonly objects: readonly Tree[];
  /** What Helm said where it refused; empty where it did not. */
  readonly refusal: string;
}

export function renderChart(helm: string, values: Tree): Rendered {
  const { status, stdout, stderr } = withFile([values], (file) =>
    run(helm, ['template', 'clinic', chart, '--namespace', 'ehr', '--kube-version', '1.31.0', '--values', file]),
  );
  return status === 0 ? { objects: documentsOf(stdout), refusal: '' } : { objects: [], refusal: stderr };
}

/** What `helm lint --strict` minds; empty where it minds nothing. */
export function lintChart(helm: string, values: Tree): string {
  const { status, stdout, stderr } = withFile([values], (file) => run(helm, ['lint', '--strict', chart, '--values', file]));
  return status === 0 ? '' : `${stdout}${stderr}`;
}

/** What the schemas of this version of Kubernetes mind of these objects; unknown fields are minded too. */
export function judgeObjects(home: string, version: string, objects: readonly Tree[]): string {
  const { status, stdout, stderr } = withFile(objects, (file) =>
    run('python3', ['-m', 'kubernetes_validate', '--strict', '--quiet', '--kubernetes-version', version, file], home),
  );
  return status === 0 ? '' : `${stdout}${stderr}`;
}

/** JSON is YAML, and the reader of the schemas takes one object after another. */
function withFile<T>(trees: readonly Tree[], use: (file: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'wardgate-helm-'));
  try {
    const file = join(folder, 'values.yaml');
    writeFileSync(file, trees.map((one) => JSON.stringify(one)).join('\n---\n'));
    return use(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function run(program: string, args: readonly string[], pythonPath = '') {
  const result = spawnSync(program, args, { env: { ...process.env, PYTHONPATH: pythonPath }, encoding: 'utf8' });
  if (result.error !== undefined) throw result.error;
  return result;
}

function documentsOf(text: string): readonly Tree[] {
  return parseAllDocuments(text, { strict: true, uniqueKeys: true }).flatMap((document) => {
    const problem = document.errors[0];
    if (problem !== undefined) throw new Error(`The rendered chart is not YAML: ${problem.message}`);
    const object = document.toJS() as Tree | null;
    return object === null ? [] : [object];
  });
}

export function readYaml(file: string): Tree {
  return parse(readFileSync(file, 'utf8')) as Tree;
}

/** Lays one tree of values over another as Helm does: objects are joined, all else is replaced. */
export function merge(under: Tree, over: Tree): Tree {
  const joined: Record<string, unknown> = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const below = joined[key];
    joined[key] = isTree(below) && isTree(value) ? merge(below, value) : value;
  }
  return joined;
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
