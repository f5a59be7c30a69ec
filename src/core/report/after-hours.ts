// Who was at work while the clinic was closed: what each person did in one such time.

/** Requests that were counted together: by person, what became of them, and patient. */
export interface CountedAccesses {
  readonly person: string | null;
  readonly event: string | null;
  readonly decision: string | null;
  readonly patient: string | null;
  readonly count: number;
  readonly bytesOut: number;
  /** Of the first and the last, epoch milliseconds, and the number of the first record. */
  readonly since: number;
  readonly until: number;
  readonly first: number;
}

export type AfterHours = {
  readonly person: string;
  readonly first: number;
  readonly last: number;
  readonly accesses: number;
  readonly patients: number;
  readonly refused: number;
  readonly downloads: number;
  readonly bytes: number;
  readonly record: number;
};

/** `downloads`: the part of them that were downloads. Those of nobody and of machines are left out. Most accesses first. */
export function afterHours(counted: readonly CountedAccesses[], downloads: readonly CountedAccesses[]): readonly AfterHours[] {
  const people = Map.groupBy(counted.filter(isOfPerson), ({ person }) => person);
  const rows = [...people].map(([person, all]) => rowOf(person, all, downloads));
  return rows.sort((a, b) => b.accesses - a.accesses || a.record - b.record);
}

function isOfPerson(counted: CountedAccesses): counted is CountedAccesses & { readonly person: string } {
  const { person, event } = counted;
  const isRequest = event === 'outcome' || event === 'attempt' || event === 'refusal';
  return isRequest && person !== null && !person.startsWith('machine ');
}

function rowOf(person: string, all: readonly CountedAccesses[], downloads: readonly CountedAccesses[]): AfterHours {
  const passed = all.filter(isPassed);
  const theirs = downloads.filter((one) => one.person === person && isPassed(one));
  return {
    person,
    first: Math.min(...all.map(({ since }) => since)),
    last: Math.max(...all.map(({ until }) => until)),
    accesses: sum(passed),
    patients: new Set(passed.flatMap(({ patient }) => patient ?? [])).size,
    refused: sum(all) - sum(passed),
    downloads: sum(theirs),
    bytes: theirs.reduce((bytes, one) => bytes + one.bytesOut, 0),
    record: Math.min(...all.map(({ first }) => first)),
  };
}

function isPassed({ decision }: CountedAccesses): boolean {
  return decision !== 'refused';
}

function sum(all: readonly CountedAccesses[]): number {
  return all.reduce((total, { count }) => total + count, 0);
}
