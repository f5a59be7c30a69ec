// How each part of the gateway stands, in words for the page of health. Reads what the parts know already; of the EHRs it asks
// whether a connection can be made, with a limit on the wait.

import { reachOrigin } from '../adapters/reach-origin.ts';
import type { Settings } from '../config/settings.ts';
import type { RelationKind } from '../core/relations/relation-rows.ts';
import { silentBecause } from '../core/relations/silent-because.ts';
import type { HealthLine, HealthPart } from '../console-ports.ts';
import { recordLines } from './health-record-lines.ts';
import { storeLine } from './health-store-line.ts';
import type { Parts } from './open-parts.ts';

export async function healthParts(parts: Parts, settings: Settings): Promise<readonly HealthPart[]> {
  const [record, store, ...ehrs] = await Promise.all([
    recordLines(parts),
    storeLine(parts.state),
    ...[...settings.applications.values()].map(async ({ name, upstream }) => ehrLine(name, upstream)),
  ]);
  return [
    { title: 'Access record', lines: record },
    { title: 'Outside the gateway', lines: [...ehrs, providerLine(parts)] },
    { title: 'This machine', lines: [store, ...machineLines(parts)] },
    { title: 'Detectors', lines: await detectorLines(parts, settings) },
  ];
}

async function ehrLine(name: string, upstream: string): Promise<HealthLine> {
  const failure = await reachOrigin(upstream);
  return { what: `EHR "${name}"`, state: failure === null ? 'good' : 'bad', says: failure ?? 'accepts connections' };
}

function providerLine({ watch }: Parts): HealthLine {
  const says = watch.notices()[0] ?? (watch.answersSince === null ? 'not asked yet' : 'answers');
  const state = watch.silent ? 'bad' : watch.answersSince === null ? 'unknown' : 'good';
  return { what: 'Identity provider', state, says };
}

function machineLines({ disks, certificate }: Parts): HealthLine[] {
  const { freeBytes, days } = disks;
  const room = Number.isNaN(freeBytes) ? 'not looked at yet' : `${Math.floor(freeBytes / 1e6)} MB free on the fullest disk`;
  const until = Number.isFinite(days) ? `, full in about ${Math.floor(days)} days` : '';
  return [
    {
      what: 'Disks',
      state: disks.alarms().length > 0 ? 'bad' : Number.isNaN(freeBytes) ? 'unknown' : 'good',
      says: disks.alarms()[0] ?? `${room}${until}`,
    },
    certificate === null
      ? { what: 'Certificate', state: 'off', says: 'TLS ends before the gateway' }
      : {
          what: 'Certificate',
          state: isWell(certificate.notices()),
          says: certificate.notices()[0] ?? `${Math.floor(certificate.daysLeft)} days left`,
        },
  ];
}

async function detectorLines({ detectors, state }: Parts, { alerts }: Settings): Promise<HealthLine[]> {
  const failed = detectors.notices()[0];
  const imported = await state.relationImports.current().catch(() => null);
  const kinds = imported === null ? null : new Set(imported.map(({ kind }) => kind));
  const each = Object.entries(alerts.detectors).map(([name, given]) => detectorLine(name, given !== null, kinds));
  const behind = `${detectors.behind} records behind the record`;
  return [{ what: 'All of them', state: isWell(detectors.notices()), says: failed ?? behind }, ...each];
}

/** `imported` is null where the store cannot say it. */
function detectorLine(name: string, isOn: boolean, imported: ReadonlySet<RelationKind> | null): HealthLine {
  const what = name.replaceAll('-', ' ');
  if (!isOn) return { what, state: 'off', says: 'turned off in alerts.yaml' };
  const silent = silentBecause(name, imported ?? new Set());
  if (silent === null) return { what, state: 'good', says: 'watches every record' };
  return imported === null
    ? { what, state: 'unknown', says: 'what is imported cannot be read' }
    : { what, state: 'off', says: silent };
}

function isWell(notices: readonly string[]): 'good' | 'bad' {
  return notices.length === 0 ? 'good' : 'bad';
}
