// What is wrong with what gateways tell each other, in sentences for the health page and the console.

import type { RedisSettings } from '../core/store/store-settings.ts';

export interface RedisStanding {
  /** Why the link is interrupted; null while it is not. */
  readonly trouble: string | null;
  /** Replicas that are connected to the master. */
  readonly replicas: number;
  /** How far this gateway's clock is ahead of the one of Redis; null until they were compared. */
  readonly skewMilliseconds: number | null;
  readonly isCurrent: boolean;
  readonly unconfirmed: number;
  readonly unconfirmedMilliseconds: number;
}

const mostSkewMilliseconds = 2000;
const longMilliseconds = 5000;

export function redisNotices(settings: RedisSettings, standing: RedisStanding): readonly string[] {
  const said = [
    interrupted(standing),
    standing.unconfirmedMilliseconds < longMilliseconds
      ? null
      : `Redis has not confirmed ${standing.unconfirmed} changes for ${seconds(standing.unconfirmedMilliseconds)}; what ended here may be open at other gateways until it does`,
    copies(settings, standing),
    skew(standing.skewMilliseconds),
  ];
  return said.filter((one) => one !== null);
}

function interrupted({ trouble, isCurrent }: RedisStanding): string | null {
  if (trouble !== null) return `${trouble}; until then this gateway answers everybody with 503, and nobody is signed out`;
  return isCurrent ? null : 'This gateway has not heard from the others for a second; it answers everybody with 503 until it has';
}

/** Two halves of a network that each have enough copies would both go on. */
function copies(settings: RedisSettings, { replicas, trouble }: RedisStanding): string | null {
  if (trouble !== null || settings.kind === 'single') return null;
  if (settings.replicas === 0) {
    return 'No replica has to confirm what gateways tell each other; a fail-over of Redis may lose that a session has ended';
  }
  if (replicas < 2 * settings.replicas + 1 || replicas < settings.replicas) return missing(settings.replicas, replicas);
  return `Redis has ${replicas} replicas and only ${settings.replicas} must confirm; ask for ${Math.ceil(replicas / 2)}, or a network that falls apart leaves two masters in use`;
}

function missing(asked: number, replicas: number): string | null {
  if (replicas >= asked) return null;
  return `Redis has ${replicas} replicas and ${asked} must confirm what is told; nobody gets in at any gateway until they are back`;
}

function skew(milliseconds: number | null): string | null {
  if (milliseconds === null || Math.abs(milliseconds) <= mostSkewMilliseconds) return null;
  const where = milliseconds > 0 ? 'ahead of' : 'behind';
  return `The clock of this gateway is ${seconds(Math.abs(milliseconds))} ${where} the one of Redis; sessions may lock and end too early or too late`;
}

function seconds(milliseconds: number): string {
  return `${Math.round(milliseconds / 1000)} s`;
}
