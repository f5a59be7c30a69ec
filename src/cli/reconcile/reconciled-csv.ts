// What a comparison found, as CSV (RFC 4180): one row for each request listed, with the list it stands in.

import { csvCell } from '../../core/audit/csv-cell.ts';
import { recordName } from '../../core/audit/record-number.ts';
import { requestText } from './reconciled-text.ts';
import type { Told } from './reconciled-text.ts';

export function asCsv({ answer }: Pick<Told, 'answer'>): string[] {
  const { roundUs, fromGateway, besideOwnWork, notInLog } = answer;
  const logged = Object.entries({ roundUs, fromGateway, besideOwnWork }).flatMap(([list, { rows }]) =>
    rows.map((one) => [list, iso(one.time), one.address, requestText(one), one.status, one.where]),
  );
  const recorded = notInLog.rows.map((one) => [
    'notInLog',
    iso(one.time),
    null,
    requestText(one),
    null,
    `record ${recordName(one.sequence)}`,
  ]);
  return ['list,time,address,request,status,where', ...[...logged, ...recorded].map((row) => row.map(csvCell).join(','))];
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
