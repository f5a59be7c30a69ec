// Reads one line of Orthanc's own log (`--verbose`), which tells of each request its method and its decoded path, and neither
// the query nor who asked. Its times have no year and no zone.

import { decodedPath } from './compared-target.ts';
import type { LogClock, ReadLine } from './ehr-request.ts';

const head = /^[A-Z](\d{2})(\d{2}) (\d{2}):(\d{2}):(\d{2})\.(\d{3})\d* +(.*)$/;
/** Newer versions name a thread before the file. */
const asked = /^(?:\S+ +)?HttpServer\.cpp:\d+\] (?:\(http\) )?(?:Incoming [a-z-]+ WebDAV request: )?([A-Z]+) (\/.*)$/;
const day = 86_400_000;

export function readOrthancLine(text: string, clock: LogClock): ReadLine {
  const match = head.exec(text.replace(/\r$/, ''));
  if (match === null) return headless(text);
  const [, , , , , , , said = ''] = match;
  const [, method, path] = asked.exec(said) ?? [];
  if (method === undefined || path === undefined) return { is: 'other' };
  const parts = match.slice(1, 7).map(Number);
  return {
    is: 'request',
    request: { time: timeOf(parts, clock), address: null, method, path: decodedPath(path), names: null, status: null },
  };
}

/** Messages of Orthanc's may have several lines, but that of a request has its head. Without it, half of one is left. */
function headless(text: string): ReadLine {
  return text.includes('HttpServer.cpp:') ? { is: 'unreadable', why: 'its beginning is missing' } : { is: 'continued' };
}

/** In the latest year that does not put it into the future. */
function timeOf(parts: readonly number[], { now, fromWall }: LogClock): number {
  const [month = 0, date = 0, hour = 0, minute = 0, second = 0, millisecond = 0] = parts;
  const inYear = (year: number): number => fromWall(Date.UTC(year, month - 1, date, hour, minute, second, millisecond));
  const year = new Date(now + day).getUTCFullYear();
  const time = inYear(year);
  return time > now + day ? inYear(year - 1) : time;
}
