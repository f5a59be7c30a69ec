// What a report can be held against, from the files beside the log: the last checkpoint, by which key, and how far the places
// off this machine are. It changes nothing and works beside a running gateway.

import { createPublicKey } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { AnchorSettings } from '../config/settings.ts';
import type { Evidence, EvidenceCheckpoint, EvidenceVerification } from '../core/report/evidence.ts';
import type { Clock } from '../ports.ts';
import { AuditAnchoring } from './audit-anchoring.ts';
import { keyIdOf, openCheckpoint, originOf } from './audit-checkpoint.ts';
import { knownKeys } from './audit-epochs.ts';
import { contentOf, treeDirectory } from './audit-tree-files.ts';
import type { AuditVerification } from './audit-verify.ts';

/** Throws where the checkpoint is not one of this log, and system errors. */
export function reportEvidence(
  directory: string,
  anchors: readonly AnchorSettings[],
  clock: Clock,
  verification: AuditVerification | null,
): Evidence {
  const publicKey = createPublicKey(readFileSync(join(directory, 'audit-signing.pub')));
  const origin = originOf(publicKey);
  const task = { treeDirectory: treeDirectory(directory), origin, anchors, keepSeconds: 0 };
  return {
    checkpoint: lastCheckpoint(directory, origin),
    anchors: new AuditAnchoring(task, clock).status,
    verification: verification === null ? null : inSentences(verification),
  };

  function lastCheckpoint(log: string, name: string): EvidenceCheckpoint | null {
    const path = join(treeDirectory(log), 'checkpoint');
    const note = contentOf(path)?.toString('utf8');
    if (note === undefined) return null;
    const keys = knownKeys(log, publicKey);
    const opened = openCheckpoint(note, name, keys);
    if (typeof opened === 'string') throw new Error(`The checkpoint "${path}" does not hold: ${opened}`);
    const key = keys.find((one) => opened.isSignedBy(one)) ?? publicKey;
    const { size, root } = opened;
    const hex = Buffer.from(root).toString('hex');
    return { origin: name, size, root: hex, time: statSync(path).mtimeMs, keyId: keyIdOf(name, key).toString('hex'), note };
  }
}

function inSentences({ sound, flaw, records, lastSequence, checkpoints, notes }: AuditVerification): EvidenceVerification {
  const where = flaw === null || flaw.sequence === null ? '' : `Record ${flaw.sequence}: `;
  const findings = [...(flaw === null ? [] : [`${where}${flaw.what}`]), ...notes].map((one) => `${one}.`);
  return { sound, records, lastSequence, checkpoints, findings };
}
