// Reads one line of Apache's or nginx's access log, common or combined. The line was written by a server, but most of what
// it says was chosen by whoever sent the request: nothing of it is believed to end a field that the server did not end.

import { comparedTarget } from './compared-target.ts';
import type { ReadLine } from './ehr-request.ts';
import { plainAddress } from './plain-address.ts';

const quoted = String.raw`"((?:[^"\\]|\\.)*)"`;
/** The name of a user may hold spaces and brackets; a quote in it is always escaped, so the time is what stands before one. */
const line = new RegExp(
  String.raw`^(\S+) \S+ [^"]*?\[(\d{2})/([A-Z][a-z]{2})/(\d{4}):(\d{2}):(\d{2}):(\d{2}) ([+-])(\d{2})(\d{2})\] ${quoted} (\d{3}|-) (?:\d+|-)(.*)$`,
);
const refererAndAgent = /^ "(?:[^"\\]|\\.)*" "(?:[^"\\]|\\.)*"/;
/** What the gateway sends: no blank in the target, and a version behind it. Anything else is nobody's of ours. */
const requestLine = /^([A-Za-z_-]{1,32}) ([!-~]+) HTTP\/1\.[01]$/;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', v: '\v' };

export function readAccessLine(text: string, format: 'common' | 'combined'): ReadLine {
  const match = line.exec(text.replace(/\r$/, ''));
  if (match === null) return { is: 'unreadable', why: 'it is not a line of the common log format' };
  const [
    ,
    address = '',
    day,
    month = '',
    year,
    hour,
    minute,
    second,
    sign,
    zoneHours,
    zoneMinutes,
    sent = '',
    status,
    rest = '',
  ] = match;
  if (format === 'combined' && !refererAndAgent.test(rest)) return { is: 'unreadable', why: 'it ends before referer and agent' };
  const shown = timeOf([year, months.indexOf(month), day, hour, minute, second].map(Number));
  if (shown === null) return { is: 'unreadable', why: 'it has no such time' };
  const zone = (Number(zoneHours) * 60 + Number(zoneMinutes)) * 60_000 * (sign === '-' ? -1 : 1);
  return {
    is: 'request',
    request: {
      time: shown - zone,
      address: address === '-' ? null : plainAddress(address),
      ...requestOf(unescaped(sent)),
      status: status === '-' ? null : Number(status),
    },
  };
}

/** Null for a day or an hour that no calendar has. A leap second counts as the one behind it. */
function timeOf(parts: readonly number[]): number | null {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
  const time = Date.UTC(year, month, day, hour, minute, second);
  const fits =
    month >= 0 && new Date(Date.UTC(year, month, day)).getUTCDate() === day && hour < 24 && minute < 60 && second <= 60;
  return fits ? time : null;
}

function requestOf(sent: string): { method: string; path: string; names: string } {
  const [, method, target] = requestLine.exec(sent) ?? [];
  if (method === undefined || target === undefined) return { method: '', ...comparedTarget(sent) };
  return { method, ...comparedTarget(target) };
}

/** One character for one byte, as the file is read. */
function unescaped(sent: string): string {
  return sent.replace(/\\(?:x([0-9a-fA-F]{2})|(.))/g, (_all, hex: string | undefined, letter: string) =>
    hex === undefined ? (escapes[letter] ?? letter) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
