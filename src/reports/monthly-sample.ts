// The accesses of a month that somebody looks at one by one: of each role so many, drawn by lot.

import type { EvidenceCheckpoint } from '../core/report/evidence.ts';
import { sampleSizes, seedOf } from '../core/report/sample-sizes.ts';
import type { Section } from '../core/report/report.ts';
import type { ReportSources } from '../report-ports.ts';
import type { RecordQuery } from '../search-ports.ts';
import { column } from './column.ts';

export interface MonthlySample {
  readonly seed: number;
  readonly drawn: number;
  readonly wanted: number;
  readonly roles: Section;
  readonly section: Section;
}

/** `seed`: to draw the same ones again; null for one that follows from the checkpoint of now. */
export async function monthlySample(query: RecordQuery, seed: number | null, sources: ReportSources): Promise<MonthlySample> {
  const { records, evidence } = sources;
  const all = { ...query, event: 'outcome' } as const;
  const named = { ...all, named: true } as const;
  const ofPatients = await records.tally(named, ['roles']);
  const isNamed = ofPatients.rows.length > 0;
  const { rows } = isNamed ? ofPatients : await records.tally(all, ['roles']);
  const strata = rows.map(({ keys: [roles], count }) => ({ roles: typeof roles === 'string' ? roles : null, count }));
  const { sizes, wanted } = sampleSizes(strata);
  const chosen = seed ?? seedFrom((await evidence()).checkpoint);
  const drawn = await records.sample(isNamed ? named : all, sizes, chosen);
  return {
    seed: chosen,
    drawn: drawn.length,
    wanted,
    roles: {
      key: 'roles',
      title: isNamed ? 'Accesses to charts by role' : 'Accesses by role',
      notes: [],
      columns: [column('roles', 'Roles'), column('accesses', 'Accesses', 'number'), column('sampled', 'Drawn', 'number')],
      rows: strata.map(({ roles, count }, at) => ({ roles, accesses: count, sampled: sizes[at]?.size ?? 0 })),
      total: strata.length,
    },
    section: sampleSection(drawn, chosen, isNamed),
  };
}

function seedFrom(checkpoint: EvidenceCheckpoint | null): number {
  return seedOf(checkpoint?.root ?? null);
}

function sampleSection(drawn: Awaited<ReturnType<ReportSources['records']['sample']>>, seed: number, isNamed: boolean): Section {
  const from = isNamed ? 'accesses that name a patient' : 'all accesses, because none names a patient';
  return {
    key: 'sample',
    title: 'Drawn by lot, to be looked at',
    notes: [
      `From ${from}: one in a hundred and at least ten, shared out by role. Seed ${seed}: with --seed ${seed} the same ones are drawn again.`,
    ],
    columns: [
      column('record', 'Record', 'record'),
      column('time', 'Time', 'time'),
      column('person', 'Person', 'person'),
      column('roles', 'Roles'),
      column('patient', 'Patient', 'patient'),
      column('target', 'Page', 'code'),
      column('category', 'Category'),
      column('action', 'Action'),
      column('decision', 'Outcome'),
      column('verdict', 'In order?'),
    ],
    rows: drawn.map(({ sequence, time, person, roles, patient, target, category, action, decision, reason }) => ({
      record: sequence,
      time,
      person,
      roles,
      patient,
      target,
      category,
      action,
      decision: decision === 'refused' && reason !== null ? `refused: ${reason}` : decision,
      verdict: '',
    })),
    total: drawn.length,
  };
}
