// Writes one audit record as the bytes that are hashed, stored and never written again: fixed key order, nulls left
// out, hostile characters escaped. It never computes a hash and never reads a clock. This is the hot path, two records a
// request, so the line is put together by hand instead of by JSON.stringify. The format is told in docs/audit-format.md.

import { machineIssuer } from '../session/machine-session.ts';
import type { AuditEntry } from './entry.ts';
import { quote } from './quote.ts';

/** Where a record stands in the chain, and when on the clock that never jumps. */
export interface RecordPlace {
  readonly sequence: number;
  /** Hash of the record before, 64 hex digits; `noRecord` for the first. */
  readonly previousHash: string;
  /** Names one run of the gateway; `monotonic` compares only within it. */
  readonly boot: string;
  /** Milliseconds, whole ones are written. */
  readonly monotonic: number;
}

/** The hash "before" the first record. */
export const noRecord = '0'.repeat(64);

/** Caps in UTF-16 units, chosen so that the longest possible line stays under 64 KiB. */
const most = { target: 4096, detail: 512, roles: 512, rolesNamed: 32, boot: 64, device: 64, code: 32, other: 256 } as const;

/** The last millisecond of the year 9999, beyond which ISO 8601 needs more digits. */
const lastTime = 253_402_300_799_999;

/**
 * The record's line up to and excluding `,"hash":"`: exactly the text whose UTF-8 bytes are hashed. `sealRecord` closes
 * it. Total: any entry gives a line that JSON.parse reads once sealed.
 */
export function encodeRecord(entry: AuditEntry, place: RecordPlace): string {
  return (
    `{"seq":${place.sequence},"time":"${isoTime(entry.time)}","boot":${quote(place.boot, most.boot)}` +
    `,"monotonic":${Math.trunc(place.monotonic)},"event":${quote(entry.event, most.other)}` +
    text(',"request":', entry.request) +
    subject(entry.subject) +
    roles(entry.roles) +
    text(',"session":', entry.session) +
    text(',"factor":', entry.factor) +
    text(',"device":', entry.device, most.device) +
    text(',"address":', entry.address) +
    text(',"agent":', entry.agent) +
    text(',"application":', entry.application) +
    text(',"method":', entry.method) +
    text(',"target":', entry.target, most.target) +
    text(',"targetHash":', entry.targetHash) +
    text(',"patient":', entry.patient) +
    text(',"patientSource":', entry.patientSource) +
    text(',"category":', entry.category) +
    text(',"action":', entry.action) +
    text(',"download":', entry.download, most.code) +
    text(',"pace":', entry.pace, most.code) +
    text(',"rule":', entry.rule) +
    text(',"decision":', entry.decision) +
    text(',"reason":', entry.reason) +
    text(',"wouldRefuse":', entry.wouldRefuse, most.code) +
    text(',"activity":', entry.activity) +
    number(',"status":', entry.status) +
    number(',"bytesIn":', entry.bytesIn) +
    number(',"bytesOut":', entry.bytesOut) +
    number(',"durationMilliseconds":', entry.durationMilliseconds) +
    text(',"endedBy":', entry.endedBy) +
    text(',"policy":', entry.policy) +
    text(',"grant":', entry.grant) +
    text(',"detail":', entry.detail, most.detail) +
    `,"prev":"${place.previousHash}"`
  );
}

/** The whole line, without its newline. `hash` is the SHA-256 of the encoded record, hex. */
export function sealRecord(encoded: string, hash: string): string {
  return `${encoded},"hash":"${hash}"}`;
}

function text(key: string, value: string | null, mostCharacters: number = most.other): string {
  return value === null ? '' : key + quote(value, mostCharacters);
}

/** A number that JSON cannot say is left out rather than breaking the line. */
function number(key: string, value: number | null): string {
  return Number.isFinite(value) ? key + value : '';
}

function subject(value: AuditEntry['subject']): string {
  if (value === null) return '';
  const { issuer, sub, name } = value;
  // No person can stand here: their issuer is the address of a provider.
  if (issuer === machineIssuer) return `,"subject":{"machine":${quote(name, most.other)}}`;
  return `,"subject":{"issuer":${quote(issuer, most.other)},"sub":${quote(sub, most.other)},"name":${quote(name, most.other)}}`;
}

/** Names are kept while they fit; "…" stands for the rest. */
function roles(value: AuditEntry['roles']): string {
  if (value === null) return '';
  let list = '';
  let room: number = most.roles;
  for (const [index, role] of value.entries()) {
    room -= role.length;
    if (room < 0 || index === most.rolesNamed) return `,"roles":[${list}"…"]`;
    list += `${quote(role, most.other)},`;
  }
  return `,"roles":[${list.slice(0, -1)}]`;
}

/** A time that ISO 8601 cannot say with four digits is moved to the nearest one it can. */
function isoTime(milliseconds: number): string {
  return new Date(Math.min(Math.max(milliseconds, 0), lastTime) || 0).toISOString();
}
