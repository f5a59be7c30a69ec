// Renders the chart, with Helm where it is installed and with our small renderer where only Go is. Never talks to a
// cluster.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';

export type Tree = { readonly [key: string]: unknown };

/** Which renderer this machine offers; null where there is none. */
export function chartRenderer(): 'helm' | 'go' | null {
  if (spawnSync('helm', ['version'], { stdio: 'ignore' }).status === 0) return 'helm';
  return spawnSync('go', ['version'], { stdio: 'ignore' }).status === 0 ? 'go' : null;
}

/** All objects the chart makes of these values (laid over values.yaml). Throws with the renderer's message. */
export function renderChart(renderer: 'helm' | 'go', chart: string, values: Tree): readonly Tree[] {
  const text = renderer === 'helm' ? withHelm(chart, values) : withGo(chart, values);
  return parseAllDocuments(text, { strict: true, uniqueKeys: true }).flatMap((document) => {
    const problem = document.errors[0];
    if (problem !== undefined) throw new Error(`The rendered chart is not YAML: ${problem.message}`);
    const object = document.toJS() as Tree | null;
    return object === null ? [] : [object];
  });
}

function withHelm(chart: string, values: Tree): string {
  const folder = mkdtempSync(join(tmpdir(), 'wardgate-helm-'));
  try {
    const file = join(folder, 'values.json');
    writeFileSync(file, JSON.stringify(values));
    return run('helm', ['template', 'clinic', chart, '--namespace', 'ehr', '--kube-version', '1.31.0', '--values', file], '');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function withGo(chart: string, values: Tree): string {
  const folder = join(chart, 'templates');
  const templates = Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
  const about = readYaml(join(chart, 'Chart.yaml'));
  const data = {
    Chart: { Name: about.name, Version: about.version, AppVersion: about.appVersion },
    Release: { Name: 'clinic', Namespace: 'ehr', Service: 'Helm' },
    Values: merge(readYaml(join(chart, 'values.yaml')), values),
  };
  const program = new URL('./mini-helm', import.meta.url).pathname;
  const rendered = JSON.parse(run('go', ['run', '.'], JSON.stringify({ templates, data }), program)) as Record<string, string>;
  return Object.values(rendered).join('\n---\n');
}

function run(program: string, args: readonly string[], input: string, cwd = '.'): string {
  // No downloads: the small renderer needs the standard library alone.
  const env = { ...process.env, GOPROXY: 'off', GOTOOLCHAIN: 'local' };
  try {
    return execFileSync(program, args, { input, cwd, env, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] });
  } catch (cause) {
    const said = (cause as { stderr?: string }).stderr ?? '';
    throw new Error(`Cannot render the chart: ${said.trim()}`, { cause });
  }
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
