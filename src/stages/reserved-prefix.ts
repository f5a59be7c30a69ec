// Everything of ours lives under one reserved prefix, so that it can never be mistaken for a path of the EHR.

/** The reserved prefix, without a trailing slash. */
export const reservedPrefix = '/.wardgate';

/** True for paths that are ours; they are never forwarded. Compared without case: an EHR must not own a look-alike. */
export function isReserved(path: string): boolean {
  const head = path.slice(0, reservedPrefix.length).toLowerCase();
  return head === reservedPrefix && (path.length === reservedPrefix.length || path[reservedPrefix.length] === '/');
}

/** True for the console, which is judged and recorded by rules like any page of the EHR. */
export function isConsole(path: string): boolean {
  return path === `${reservedPrefix}/console` || path.startsWith(`${reservedPrefix}/console/`);
}
