// Brings a target into the form in which a log's request and a record of ours are compared: the path, and the names of the
// query. Values are left out because our record does not hold them, and because they may name a patient.

/** The record keeps so many characters of a name; see `redactTarget`. */
const nameCharacters = 64;

export interface ComparedTarget {
  readonly path: string;
  /** Joined by `&`; empty where there is no query. */
  readonly names: string;
}

export function comparedTarget(target: string): ComparedTarget {
  const mark = target.indexOf('?');
  if (mark === -1) return { path: target, names: '' };
  const names = target
    .slice(mark + 1)
    .split('&')
    .map((pair) => pair.replace(/=.*$/s, '').slice(0, nameCharacters));
  return { path: target.slice(0, mark), names: names.join('&') };
}

/** A path as Orthanc logs it: decoded, without doubled slashes or one at the end. One character stands for one byte. */
export function decodedPath(path: string): string {
  const decoded = path.replace(/%([0-9a-f]{2})/gi, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return `/${decoded.split('/').filter(Boolean).join('/')}`;
}
