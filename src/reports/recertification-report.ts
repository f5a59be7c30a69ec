// "Who has which role": what was decided about it in the period, by whom, who signed it under which checkpoint, and what became
// of what was to be removed. It is made from the record alone, so that nothing in it can be other than what was recorded.

import type { Figure, ReportContent, Row, Section } from '../core/report/report.ts';
import { readClosed, readDecided, readSigned } from '../core/recertification/recertification-note.ts';
import type { ReportAsks, ReportSources } from '../report-ports.ts';
import type { FoundRequest } from '../search-ports.ts';
import { listedRequests } from './listed-requests.ts';
import type { ReportKind } from './report-kind.ts';

export const recertificationReport: ReportKind = {
  name: 'recertification',
  title: 'Who has which role, reviewed',
  says: 'decisions about roles, signatures, and what became of removals',
  citations: ['45 CFR 164.308(a)(4)(ii)(B)-(C)', '45 CFR 164.308(a)(3)(ii)(A)-(B)'],
  wants: null,
  build,
};

async function build({ period }: ReportAsks, sources: ReportSources): Promise<ReportContent> {
  const of = async (event: string) => listedRequests(sources, { event, since: period.since, until: period.until });
  const started = await of('recertification-started');
  const decided = await of('recertification-decided');
  const signed = await of('recertification-signed');
  const closed = await of('recertification-closed');
  const rows = latest(decided.requests);
  const closings = closed.requests.flatMap(closedRow);
  return {
    about: [],
    figures: figuresOf({ started: started.requests.length, signed: signed.requests.length, rows, closings }),
    sections: [
      rolesSection(rows, decided.total),
      signaturesSection(signed.requests.flatMap(signedRow), signed.total),
      closedSection(closings, closed.total),
    ],
    limits: [
      'It covers people who signed in through the gateway; who only has an account at the provider or in the EHR is not in it.',
      'Roles are given by groups of the identity provider: the gateway sees that a role is gone at the next sign-in, and not before.',
    ],
    blanks: [],
  };
}

interface Counted {
  readonly started: number;
  readonly signed: number;
  readonly rows: readonly DecidedRow[];
  readonly closings: readonly Row[];
}

function figuresOf({ started, signed, rows, closings }: Counted): readonly Figure[] {
  const against = rows.filter(({ decision }) => decision !== 'keep');
  const open = against.filter((row) => !closings.some((one) => one['quarter'] === row.quarter && one['row'] === row.row));
  const figure = (key: string, title: string, value: number, note: string | null = null): Figure => ({
    key,
    title,
    type: 'number',
    value,
    note,
  });
  return [
    figure('started', 'Reviews started', started),
    figure('signed', 'Reviews signed', signed),
    figure('decided', 'Roles decided', rows.length, 'A role that was decided twice counts once, by its last decision.'),
    figure('against', 'To be removed or changed', against.length),
    figure('open', 'Of these, not seen done', open.length, 'Closed in the period; one that was closed later stands here.'),
  ];
}

const record = { key: 'record', title: 'Record', type: 'record' } as const;
const review = { key: 'quarter', title: 'Review', type: 'text' } as const;
const reviewer = { key: 'reviewer', title: 'Reviewer', type: 'person' } as const;
const whose = [
  { key: 'row', title: 'Row', type: 'number' },
  { key: 'whose', title: 'Person', type: 'person' },
  { key: 'role', title: 'Role', type: 'text' },
] as const;

function rolesSection(rows: readonly DecidedRow[], total: number | null): Section {
  return {
    key: 'roles',
    title: 'Roles',
    notes: ['Last use is that of the time of the review: a request under a rule that only this role opens, or the sign-in.'],
    columns: [
      record,
      review,
      ...whose,
      { key: 'use', title: 'Last use', type: 'text' },
      { key: 'decision', title: 'Decision', type: 'text' },
      { key: 'note', title: 'Why', type: 'text' },
      reviewer,
      { key: 'time', title: 'Decided', type: 'time' },
    ],
    rows: rows.map((row) => ({ ...row })),
    total: total === null ? null : rows.length,
  };
}

function signaturesSection(rows: readonly Row[], total: number | null): Section {
  return {
    key: 'signatures',
    title: 'Signatures',
    notes: [
      'The hash is that of the exact text that was signed; "wardgate recertify export" hands it out, and sha256sum tells it.',
    ],
    columns: [
      record,
      { key: 'time', title: 'Signed', type: 'time' },
      review,
      reviewer,
      { key: 'factor', title: 'Second factor', type: 'text' },
      { key: 'rows', title: 'Rows', type: 'number' },
      { key: 'hash', title: 'List (SHA-256)', type: 'code' },
      { key: 'size', title: 'Records under the checkpoint', type: 'number' },
      { key: 'root', title: 'Root of the checkpoint', type: 'code' },
    ],
    rows,
    total,
  };
}

function closedSection(rows: readonly Row[], total: number | null): Section {
  return {
    key: 'closed',
    title: 'Closed',
    notes: ['A role is closed when its person signed in without it, or when IT said that it was done.'],
    columns: [record, { key: 'time', title: 'Seen', type: 'time' }, review, ...whose, { key: 'how', title: 'How', type: 'text' }],
    rows,
    total,
  };
}

interface DecidedRow {
  readonly quarter: string;
  readonly row: number;
  readonly decision: string;
  readonly [key: string]: string | number | null;
}

/** The last decision about each row. */
function latest(requests: readonly FoundRequest[]): readonly DecidedRow[] {
  const rows = new Map<string, DecidedRow>();
  for (const { sequence, time, person, detail } of requests) {
    const note = readDecided(detail ?? '');
    if (note === null) continue;
    const { quarter, row, person: named, role, use, decision, note: why } = note;
    const fields = { record: sequence, quarter, row, whose: named, role, use, decision, note: why === '' ? null : why };
    rows.set(`${quarter} ${row}`, { ...fields, reviewer: person, time });
  }
  return [...rows.values()];
}

function signedRow({ sequence, time, person, factor, detail }: FoundRequest): readonly Row[] {
  const note = readSigned(detail ?? '');
  if (note === null) return [];
  const { quarter, rows, hash, checkpoint } = note;
  const under = { size: checkpoint?.size ?? null, root: checkpoint?.root ?? null };
  return [{ record: sequence, time, quarter, reviewer: person, factor, rows, hash, ...under }];
}

function closedRow({ sequence, time, detail }: FoundRequest): readonly Row[] {
  const note = readClosed(detail ?? '');
  if (note === null) return [];
  const { quarter, row, person: named, role, how } = note;
  return [{ record: sequence, time, quarter, row, whose: named, role, how }];
}
