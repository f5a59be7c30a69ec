// What left the EHR as a file, or was kept from it: how each download was known, how far it came, and what each person took.

import type { Told } from './told.ts';

export type DownloadTold = {
  readonly record: number;
  readonly time: number;
  readonly person: string | null;
  readonly roles: string | null;
  readonly patient: string | null;
  readonly what: string | null;
  readonly category: string | null;
  readonly application: string | null;
  /** By what it was known for a download. */
  readonly known: string | null;
  readonly bytes: number | null;
  readonly rule: string | null;
  readonly slowed: boolean;
  readonly came: 'sent' | 'refused' | 'cut' | 'not finished';
  /** The same for a reader, with whether it was slowed. */
  readonly told: string;
  readonly reason: string | null;
  readonly stopped: string | null;
};

const knownBy: Readonly<Record<string, string>> = {
  'route-always': 'by its rule',
  disposition: 'by its file name',
  'content-type': 'by its type',
  size: 'by its size',
  'turned-away': 'by its rule, or the budget was used up',
  'bytes-counted': 'a page or line whose bytes count',
};

/** `one`: an outcome, or a refusal, that says of a download. */
export function downloadTold(one: Told): DownloadTold {
  const {
    sequence,
    outcome,
    time,
    person,
    roles,
    patient,
    method,
    target,
    category,
    application,
    download,
    bytesOut,
    rule,
    pace,
    reason,
  } = one;
  const came = cameOf(one);
  return {
    record: outcome ?? sequence,
    time,
    person,
    roles,
    patient,
    what: target === null ? null : `${method ?? 'GET'} ${target}`,
    category,
    application,
    known: download === null ? null : (knownBy[download] ?? download),
    bytes: came === 'refused' ? 0 : bytesOut,
    rule,
    slowed: pace === 'slowed',
    came,
    told: pace === 'slowed' ? `${came}, slowed` : came,
    reason,
    stopped: stoppedAt(one, came),
  };
}

function cameOf({ decision, reason, status }: Told): DownloadTold['came'] {
  if (decision === 'refused') return 'refused';
  if (reason === 'budget-cut') return 'cut';
  return reason === null && (status === null || status < 400) ? 'sent' : 'not finished';
}

function stoppedAt({ download, bytesOut }: Told, came: DownloadTold['came']): string | null {
  if (came === 'sent') return null;
  if (came !== 'refused') return `after ${bytesOut ?? 0} bytes`;
  return download === 'turned-away' ? 'before the EHR was asked' : 'before the first byte of the reply';
}

export type DownloadsOfPerson = {
  readonly person: string | null;
  readonly sent: number;
  readonly bytes: number;
  readonly patients: number;
  /** Whose patient, or patients, the record does not name. */
  readonly unnamed: number;
  readonly slowed: number;
  readonly stopped: number;
};

/** Most bytes first. */
export function downloadsOfPeople(all: readonly DownloadTold[]): readonly DownloadsOfPerson[] {
  const people = Map.groupBy(all, ({ person }) => person);
  const rows = [...people].map(([person, theirs]) => {
    const sent = theirs.filter(({ came }) => came !== 'refused');
    return {
      person,
      sent: theirs.filter(({ came }) => came === 'sent').length,
      bytes: sent.reduce((total, { bytes }) => total + (bytes ?? 0), 0),
      patients: new Set(sent.flatMap(({ patient }) => patient ?? [])).size,
      unnamed: sent.filter(({ patient }) => patient === null).length,
      slowed: sent.filter(({ slowed }) => slowed).length,
      stopped: theirs.filter(({ came }) => came === 'refused' || came === 'cut').length,
    };
  });
  return rows.sort((a, b) => b.bytes - a.bytes || b.sent - a.sent);
}
