// Gives one order to the gateway that runs on the configured data directory, and waits for what became of it.

import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { Settings } from '../../config/settings.ts';
import { controlVersion } from '../../core/control/read-order.ts';
import { controlPath } from '../../http/control-server.ts';
import { controlPlace } from '../../http/control-place.ts';
import { whoAsks } from './who-asks.ts';

/** The longest answer is a list of all people. */
const mostAnswerBytes = 16_777_216;
const answerMilliseconds = 120_000;

export interface AskedOrder {
  /** As it is typed behind `wardgate`. */
  readonly order: string;
  readonly because?: string | undefined;
  readonly fields?: Readonly<Record<string, string>>;
}

/** It refused a name that is not exactly one person, and says who may be meant. */
export class NotOnePerson extends Error {
  readonly candidates: readonly unknown[];
  constructor(why: string, candidates: readonly unknown[]) {
    super(why);
    this.candidates = candidates;
  }
}

/** What the gateway told. Throws an error in words for people where there is none, or it refuses. */
export async function askGateway(
  { dataDirectory }: Pick<Settings, 'dataDirectory'>,
  { order, because, fields = {} }: AskedOrder,
): Promise<Readonly<Record<string, unknown>>> {
  const place = controlPlace(dataDirectory);
  if (!place.usable) throw new Error(`The gateway cannot be reached: ${place.why}`);
  const body = JSON.stringify({ version: controlVersion, order, by: whoAsks(), because: because ?? null, fields });
  const answer = await post(place.path, body).catch((cause: unknown) => {
    throw new Error(unreached(cause, dataDirectory), { cause });
  });
  const told = parsed(answer.text);
  if (answer.status === 200 && typeof told['told'] === 'object' && told['told'] !== null)
    return told['told'] as Readonly<Record<string, unknown>>;
  const { why, candidates } = told;
  if (typeof why === 'string' && Array.isArray(candidates)) throw new NotOnePerson(why, candidates);
  throw new Error(typeof why === 'string' ? why : `The gateway answered ${answer.status} and no reason`);
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

function post(socketPath: string, body: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), connection: 'close' };
    const asked = request({ socketPath, path: controlPath, method: 'POST', headers, timeout: answerMilliseconds });
    asked.on('error', reject);
    asked.on('timeout', () => asked.destroy(new Error('the gateway did not answer in time')));
    asked.on('response', (response) => void whole(response).then(resolve, reject));
    asked.end(body);
  });
}

async function whole(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > mostAnswerBytes) throw new Error(`the gateway answered more than ${mostAnswerBytes} bytes`);
    chunks.push(chunk);
  }
  return { status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') };
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  } catch {
    // Not our gateway, or one that broke off: told as an answer without a reason.
    return {};
  }
}

function unreached(cause: unknown, dataDirectory: string): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : null;
  if (code === 'ENOENT' || code === 'ECONNREFUSED')
    return `No gateway runs on "${dataDirectory}": start it, or name its configuration with --config`;
  if (code === 'EACCES' || code === 'EPERM')
    return `Only the account that runs the gateway, and root, may give it orders: "${dataDirectory}" is closed to you`;
  return `The gateway on "${dataDirectory}" cannot be asked: ${cause instanceof Error ? cause.message : String(cause)}`;
}
