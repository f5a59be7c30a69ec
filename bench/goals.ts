// What the gateway may cost beside the other two, as a list of yes and no. A figure that was not measured is no goal met.

import type { Row } from './summary.ts';

export interface Goal {
  readonly id: string;
  readonly what: string;
  readonly value: number;
  readonly limit: number;
  readonly met: boolean;
}

export interface Measured {
  readonly bare: Row;
  readonly express: Row;
  readonly gateway: Row;
  /** The same two at half of the load that the gateway bears. */
  readonly bareAtHalf: Row;
  readonly gatewayAtHalf: Row;
}

export function goals({ bare, express, gateway, bareAtHalf, gatewayAtHalf }: Measured): readonly Goal[] {
  return [
    goal('1a', 'processor time per request, times the bare pass-through', cost(gateway, bare), 1.15),
    goal('1b', 'processor time per request, times Express with http-proxy', cost(gateway, express), 0.55),
    goal('3', 'added p99 at half load, ms', gatewayAtHalf.p99Milliseconds - bareAtHalf.p99Milliseconds, 1.5),
  ];
}

function cost(row: Row, beside: Row): number {
  return row.microsecondsPerRequest / beside.microsecondsPerRequest;
}

function goal(id: string, what: string, measured: number, limit: number): Goal {
  const value = Number(measured.toFixed(3));
  return { id, what, value, limit, met: value <= limit };
}
