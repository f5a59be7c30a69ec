// How long the disk of the access record takes to make a record durable, and how long its room lasts. Every answer waits for
// one such write, so a slow disk makes a slow gateway, and a full one stops it. Leaves nothing behind.

import { existsSync } from 'node:fs';
import { open, readdir, stat, statfs, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { AuditSettings } from '../../config/settings.ts';
import { readSegmentFile, readSegmentName } from '../../core/audit/segment-name.ts';
import { findings } from './finding.ts';
import type { Finding } from './finding.ts';

const writes = 40;
/** About what one record has. */
const writeBytes = 512;
const mostMilliseconds = 3000;

const slowMilliseconds = 20;
const tooSlowMilliseconds = 100;
const dayMilliseconds = 86_400_000;
/** Days of records that the present rate is taken from. */
const rateDays = 7;
const alarmDays = 14;
const warnDays = 60;
/** Room for a first month of a busy clinic, and for the reserve. */
const leastBytes = 2_000_000_000;

export async function probeDisk({ directory, fallbackDirectory }: AuditSettings): Promise<readonly Finding[]> {
  const both = fallbackDirectory === null ? [directory] : [directory, fallbackDirectory];
  const found: Finding[] = [];
  // One after the other: they may lie on one disk.
  for (const one of both) found.push(await speed(one), await room(one));
  return found;
}

async function speed(directory: string): Promise<Finding> {
  const say = findings('disk-speed', directory);
  const place = nearest(directory);
  let times: readonly number[];
  try {
    times = await timeWrites(place);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    const fix = 'run this as the user that the gateway runs as, and give that user the directory';
    return say.failed(`"${place}" cannot be written (${code})`, fix);
  }
  return judgeSpeed(directory, times);
}

/** `times` are milliseconds, in any order. */
export function judgeSpeed(directory: string, times: readonly number[]): Finding {
  const say = findings('disk-speed', directory);
  const sorted = [...times].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const slowest = sorted.at(-1) ?? 0;
  const says = `A record is durable after ${rounded(median)} ms, the slowest of ${sorted.length} after ${rounded(slowest)} ms`;
  const fix = 'keep the record on a local SSD, and no other heavy work on it';
  if (median > tooSlowMilliseconds) return say.failed(`${says}, and every answer waits for one`, fix);
  return median > slowMilliseconds ? say.warning(`${says}, and every answer waits for one`, fix) : say.ok(says);
}

function rounded(milliseconds: number): string {
  return milliseconds < 10 ? milliseconds.toFixed(1) : String(Math.round(milliseconds));
}

async function timeWrites(directory: string): Promise<readonly number[]> {
  const file = join(directory, `.wardgate-check-${process.pid}-${Math.round(performance.now() * 1000)}`);
  const handle = await open(file, 'wx', 0o600);
  try {
    const bytes = Buffer.alloc(writeBytes, 'wardgate check ');
    const began = performance.now();
    const times: number[] = [];
    while (times.length < writes && performance.now() - began < mostMilliseconds) {
      const before = performance.now();
      await handle.write(bytes);
      await handle.datasync();
      times.push(performance.now() - before);
    }
    return times;
  } finally {
    await handle.close();
    await unlink(file);
  }
}

async function room(directory: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(nearest(directory));
  const now = Date.now();
  return judgeRoom(directory, bavail * bsize, await segmentsSince(directory, now - rateDays * dayMilliseconds), now);
}

export interface WrittenSegment {
  readonly bytes: number;
  /** Epoch milliseconds. */
  readonly begun: number;
}

/** `segments` are those that were begun in the last days. */
export function judgeRoom(directory: string, free: number, segments: readonly WrittenSegment[], now: number): Finding {
  const say = findings('disk-room', directory);
  const fix = 'move it to a larger disk, or give it one of its own; what is younger than audit.keep is never let go';
  const first = Math.min(...segments.map(({ begun }) => begun));
  const days = segments.length === 0 ? 0 : (now - first) / dayMilliseconds;
  if (days < 1) {
    const says = `${amount(free)} free; too little was recorded so far to tell how long that lasts`;
    return free < leastBytes ? say.warning(says, fix) : say.ok(says);
  }
  const perDay = segments.reduce((sum, { bytes }) => sum + bytes, 0) / days;
  const left = perDay === 0 ? Number.POSITIVE_INFINITY : free / perDay;
  const says = `${amount(free)} free, ${lasting(left)} at the present ${amount(perDay)} a day`;
  if (left < alarmDays) return say.failed(`${says}; a full disk stops the gateway`, fix);
  return left < warnDays ? say.warning(says, fix) : say.ok(says);
}

async function segmentsSince(directory: string, since: number): Promise<readonly WrittenSegment[]> {
  // Where it is not there yet, or cannot be read, nothing is known of it; whether it can be written is told beside it.
  const names = await readdir(directory).catch(() => []);
  const dated = names.flatMap((name) => {
    const begun = Date.parse(readSegmentName(readSegmentFile(name)?.name ?? '')?.date ?? '');
    return begun >= since ? [{ name, begun }] : [];
  });
  return Promise.all(dated.map(async ({ name, begun }) => ({ bytes: (await stat(join(directory, name))).size, begun })));
}

/** The directory itself, or the nearest above it that is there: the first start makes the rest. */
function nearest(directory: string): string {
  let place = directory;
  while (!existsSync(place) && dirname(place) !== place) place = dirname(place);
  return place;
}

const units = ['B', 'KB', 'MB', 'GB', 'TB'];

function amount(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

function lasting(days: number): string {
  if (days > 3650) return 'more than ten years';
  return days > 730 ? `${Math.floor(days / 365)} years` : `${Math.floor(days)} days`;
}
