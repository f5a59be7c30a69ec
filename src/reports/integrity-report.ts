// Whether the record of the period is whole: its checkpoint and keys, where that is kept, when nothing was on watch, what was
// restored or repaired, and what the verifier said.

import type { Figure, ReportContent, Section } from '../core/report/report.ts';
import type { Evidence } from '../core/report/evidence.ts';
import type { ReportAsks, ReportSources, Watched } from '../report-ports.ts';
import { column } from './column.ts';
import { eventSection } from './event-section.ts';
import { listedEvents } from './listed-events.ts';
import type { ReportKind } from './report-kind.ts';

export const integrityReport: ReportKind = {
  name: 'integrity',
  title: 'Integrity of the access record',
  says: 'checkpoints, keys, anchors, gaps, outages, restorations; with --verify a run of the verifier',
  citations: ['45 CFR 164.312(c)(1)', '45 CFR 164.312(c)(2)', '45 CFR 170.315(d)(2)(v)'],
  wants: null,
  build,
};

/** What broke the record, or put it together again. */
const disturbances = ['audit-outage', 'audit-repaired', 'restored', 'audit-exported'];
const keyChanges = ['epoch', 'epoch-closed'];

async function build({ period: { since, until } }: ReportAsks, sources: ReportSources): Promise<ReportContent> {
  const { records, now } = sources;
  const query = { since, until } as const;
  const watched = await records.watch(since, Math.min(until, now));
  const { rows } = await records.tally({ ...query, event: 'heartbeat' }, ['event']);
  const evidence = await sources.evidence();
  const heartbeats = rows[0]?.count ?? 0;
  return {
    about: [],
    figures: figuresOf(watched, heartbeats, evidence),
    sections: [
      gapSection(watched),
      eventSection(
        'disturbances',
        'Outages, repairs, restorations and exports',
        [],
        await listedEvents(sources, query, disturbances),
      ),
      eventSection(
        'keys',
        'Changes of the signing key',
        ['The key changes every day (UTC), and the old one is destroyed; each change is signed by both.'],
        await listedEvents(sources, query, keyChanges),
      ),
      anchorSection(evidence, now),
    ],
    limits: [
      'What was written and rewritten between two checkpoints that are kept elsewhere, by somebody with the key of that day.',
      'A checkpoint that is kept nowhere but on this machine proves nothing against whoever owns it.',
    ],
    blanks: [],
  };
}

function figuresOf(
  { records, gapCount, unwatchedMilliseconds }: Watched,
  heartbeats: number,
  { checkpoint, verification }: Evidence,
) {
  const one = (key: string, title: string, type: Figure['type'], value: Figure['value'], note: string | null = null): Figure => ({
    key,
    title,
    type,
    value,
    note,
  });
  const unsound = verification !== null && !verification.sound;
  return [
    one('records', 'Records of the period', 'number', records?.count ?? 0),
    one('heartbeats', 'Heartbeats', 'number', heartbeats, 'One is due each minute in which the gateway runs.'),
    one('gaps', 'Times without a watch', 'number', gapCount),
    one('unwatched', 'Together', 'duration', unwatchedMilliseconds),
    one('size', 'Records under the checkpoint', 'record', checkpoint?.size ?? null),
    one('root', 'Root', 'code', checkpoint?.root ?? null),
    one('signed', 'Signed', 'time', checkpoint?.time ?? null),
    one('key', 'By key', 'code', checkpoint?.keyId ?? null),
    one(
      'verified',
      'Verifier',
      'text',
      verification === null ? 'not run' : unsound ? 'not sound' : 'sound',
      verification === null ? 'Run it with --verify, or by itself: wardgate audit verify.' : null,
    ),
  ];
}

const gapWords = {
  'before-first': 'the record does not reach back that far',
  stopped: 'the gateway was shut down',
  crashed: 'the gateway ended without a word',
  silent: 'the gateway gave no sign',
  outage: 'the record could not be written',
  restored: 'put back from a backup',
} as const;

function gapSection({ gaps, gapCount }: Watched): Section {
  return {
    key: 'gaps',
    title: 'When nothing was on watch',
    notes: [],
    columns: [
      column('from', 'From', 'time'),
      column('until', 'To', 'time'),
      column('length', 'Length', 'duration'),
      column('what', 'What'),
      column('after', 'After record', 'record'),
      column('before', 'Before record', 'record'),
    ],
    rows: gaps.map(({ kind, from, until, after, before }) => ({
      from,
      until,
      length: until - from,
      what: gapWords[kind],
      after,
      before,
    })),
    total: gapCount,
  };
}

function anchorSection({ anchors }: Evidence, now: number): Section {
  return {
    key: 'anchors',
    title: 'Where the checkpoint is kept',
    notes: anchors.length === 0 ? ['Nowhere: audit.anchors names no place off this machine.'] : [],
    columns: [
      column('where', 'Place'),
      column('size', 'Records under it', 'record'),
      column('at', 'Reached', 'time'),
      column('age', 'Age', 'duration'),
      column('near', 'On the same disk', 'yes-no'),
      column('failure', 'Trouble'),
    ],
    rows: anchors.map(({ where, size, at, isNear, failure }) => ({
      where,
      size,
      at,
      age: at === null ? null : Math.max(0, now - at),
      near: isNear,
      failure,
    })),
    total: anchors.length,
  };
}
