// What a YAML text says, apart from how it is read: values with the kind and the place of each, by the reader that decides and by
// the package `yaml`, which is the other opinion.

import { parseDocument } from 'yaml';
import { yamlOptions } from '../../src/config/yaml-document.ts';
import { readEvents } from '../../src/config/yaml-events.ts';
import { scanYaml } from '../../src/config/yaml-scan.ts';
import { treeOf } from '../../src/config/yaml-tree.ts';
import type { YamlNode } from '../../src/config/yaml-tree.ts';

/** As the gateway reads it; the reason where it is refused. */
export function decided(text: string): unknown {
  const read = readEvents(text, scanYaml(text, false));
  return read.refused === null ? shape(text, read.root) : { refused: read.refused.reason };
}

/** As the package `yaml` reads it; its errors where it refuses. */
export function otherwise(text: string): unknown {
  const { errors, contents } = parseDocument(text, yamlOptions);
  return errors.length > 0 ? { refused: errors.map(({ code }) => code).join(' ') } : shape(text, treeOf(contents));
}

/** A value that is not written stands where each reader likes, so its place does not count; nor does where a collection ends. */
function shape(text: string, node: YamlNode | null): unknown {
  if (node === null) return 'not written';
  const marks = [node.anchor === null ? '' : '&', node.isTagged ? '!' : ''].join('');
  if (node.kind === 'scalar') {
    const { start, end, value, source, isDoubleQuoted } = node;
    if (start === end) return `${marks}not written`;
    return [marks, typeof value, String(value), source, isDoubleQuoted, start, text.slice(start, end).trimEnd()];
  }
  if (node.kind === 'list') return { marks, start: node.start, items: node.items.map((item) => shape(text, item)) };
  if (node.kind !== 'mapping') return [marks, node.kind];
  return { marks, start: node.start, pairs: node.pairs.map(({ key, value }) => [shape(text, key), shape(text, value)]) };
}
