// What a part of the bench is given and gives back. A part measures one group of targets by itself: it starts what it needs,
// ends it, and says what it found. `bench/run.ts` tells how to add one.

import type { Goal } from './goals.ts';
import type { Row } from './summary.ts';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryMegabytes: number;
  readonly node: string;
  /** The load of the last minute before the bench began: what else this machine is busy with. */
  readonly loadBefore: number;
}

export interface Setting {
  readonly machine: Machine;
  readonly rounds: number;
  readonly seconds: number;
  readonly connections: number;
  /** Longest warm-up of each target; what is not warm by then is measured as it is. */
  readonly warmUpSeconds: number;
}

/** One figure that is not the cost of a request: a time, a size, a share. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

/** A figure as a bar of text. */
export interface Drawing {
  readonly name: string;
  readonly drawing: string;
}

/** Something that would have been measured, had it been on this machine. */
export interface Absent {
  readonly name: string;
  /** Which program or module is not there. */
  readonly missing: string;
}

/** Something that is here and could not be measured. */
export interface Failed {
  readonly name: string;
  readonly failed: string;
}

/** A row's `under` is the heading of the table it stands in. */
export type PartRow = (Row | Figure | Drawing | Absent | Failed) & { readonly under?: string };

export interface Found {
  readonly rows: readonly PartRow[];
  readonly goals: readonly Goal[];
}

/** Ends all that it started, also where it fails. */
export type Part = (setting: Setting) => Promise<Found>;
