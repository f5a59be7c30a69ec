// The differential oracle. Hostile targets around a page that most may not open go through a real gateway to an EHR that
// writes down the request lines it gets; four resolvers then say what nginx, Tomcat, IIS and Apache with PHP would have
// served for them. Nobody without the role may reach the page by any of them, and what was judged, what was recorded and
// what was forwarded must be one string.

import { describe, expect, test } from 'vitest';
import { canonicalize } from '../../src/core/target/canonicalize.ts';
import { requestLine } from '../../src/core/target/canonical-target.ts';
import type { TargetProfile } from '../../src/core/target/canonical-target.ts';
import { askMany } from '../support/ask-many.ts';
import type { ShortAnswer } from '../support/ask-many.ts';
import { apachePhp, iis, nginx, reaches, tomcat } from '../support/resolvers.ts';
import type { Resolver } from '../support/resolvers.ts';
import { startSessionGateway } from '../support/session-gateway.ts';
import { composedTargets, hostileTargets } from '../support/target-grammar.ts';

const longNames = ['administration', 'users.aspx'];

/** The four servers as far as the profile answers for them: short names and PATH_INFO have profiles of their own. */
const servers: Readonly<Record<TargetProfile, readonly Resolver[]>> = {
  generic: [nginx, tomcat, iis([]), apachePhp(false)],
  java: [nginx, tomcat, iis([]), apachePhp(false)],
  php: [nginx, tomcat, iis([]), apachePhp()],
  windows: [nginx, tomcat, iis(longNames), apachePhp(false)],
};

const shutPage: Readonly<Record<TargetProfile, string>> = {
  generic: 'users',
  java: 'users.jsp',
  php: 'users.php',
  windows: 'users.aspx',
};

/** Where everything else in the folder is open to everybody, and where only one folder is: both ways of writing rules. */
const grounds = (page: string) => [
  { open: 'public', shut: `admin/${page}`, servers: (): readonly Resolver[] => [nginx, tomcat, iis(longNames), apachePhp()] },
  { open: 'site/news', shut: `site/administration/${page}`, servers: (profile: TargetProfile) => servers[profile] },
];

/** PHP's profile is tried with the page alone, because what follows a script is its own business there. */
const rulesFor = (profile: TargetProfile): readonly string[] => {
  const tail = profile === 'php' ? '' : '/**';
  const page = shutPage[profile];
  const shut = `["/admin/${page}${tail}", "/site/administration/${page}${tail}"]`;
  return [
    `{ name: shut, paths: ${shut}, allow: it, webSocket: true }`,
    '{ name: open, paths: ["/public/**", "/site/**"], allow: everyone, webSocket: true }',
  ];
};

const ways = ['no session', 'wrong role', 'right role', 'upgrade'] as const;
type Way = (typeof ways)[number];

interface Try {
  readonly tag: string;
  readonly way: Way;
  readonly target: string;
}

interface Seen {
  readonly answers: ReadonlyMap<string, ShortAnswer>;
  /** Targets of the request lines that reached the EHR, by tag. */
  readonly upstream: ReadonlyMap<string, readonly string[]>;
  readonly records: ReadonlyMap<string, readonly Record<string, unknown>[]>;
}

describe.each(['generic', 'java', 'php', 'windows'] as const)('profile %s', (profile) => {
  test('nobody without the role reaches the page, in four ways, by four servers', { timeout: 60_000 }, async () => {
    const places = grounds(shutPage[profile]);
    const targets = places.flatMap((ground) => [...hostileTargets(ground, 750, 11), ...composedTargets(ground, 500, 23)]);
    const tries = ways.flatMap((way) => targets.map((target, at): Try => ({ tag: `${ways.indexOf(way)}-${at}`, way, target })));
    const seen = await send(profile, tries);
    expect(tries.length).toBeGreaterThan(8000);
    expect(tries.filter((one) => reachedBy(one, seen, places, profile).length > 0 && one.way !== 'right role')).toEqual([]);
    expect(tries.flatMap((one) => disagreements(one, seen, profile)).slice(0, 10)).toEqual([]);
    // The test could fail: the role itself does reach the page, others reach what is open, and strangers reach nothing.
    expect(
      tries.filter((one) => one.way === 'right role' && reachedBy(one, seen, places, profile).length > 0).length,
    ).toBeGreaterThan(4);
    for (const way of ['wrong role', 'upgrade']) {
      expect(tries.filter((one) => one.way === way && seen.upstream.has(one.tag)).length).toBeGreaterThan(50);
    }
    expect(tries.filter((one) => one.way === 'no session' && seen.upstream.has(one.tag))).toEqual([]);
  });
});

// Records of refusals have budgets, of strangers and of each person; here every single one must be seen.
const everyRefusal = ', anonymousRecordsPerMinute: 10000, refusalRecordsPerMinute: 10000';

async function send(profile: TargetProfile, tries: readonly Try[]): Promise<Seen> {
  const place = await startSessionGateway({
    rules: rulesFor(profile),
    applications: { ehr: [`profile: ${profile}`] },
    // What was asked for is let go a little later than it is answered, so many may seem to be open at once.
    limits: `${everyRefusal}, webSocketsPerPerson: 1000`,
  });
  try {
    const wrong = await place.cookieFor('nurse');
    const right = await place.cookieFor('it');
    const cookies: Readonly<Record<Way, string | null>> = {
      'no session': null,
      'wrong role': wrong,
      'right role': right,
      upgrade: wrong,
    };
    const requests = tries.map((one) => requestOf(one, place.host(), cookies[one.way]));
    const answers = await askMany(place.gateway.port, requests);
    const records = await place.finish();
    return {
      answers: new Map(tries.map(({ tag }, at) => [tag, answers[at] ?? { status: 0, head: '', body: '' }])),
      upstream: grouped(
        place.ehr.requests,
        (one) => headerOf(one.headers, 'user-agent'),
        (one) => one.line,
      ),
      records: grouped(
        records,
        (record) => String(record['agent']),
        (record) => record,
      ),
    };
  } finally {
    await place.close();
  }
}

function requestOf({ tag, way, target }: Try, host: string, cookie: string | null): string {
  const lines = [`GET ${target} HTTP/1.1`, `Host: ${host}`, `User-Agent: ${tag}`, 'Accept: application/json'];
  if (cookie !== null) lines.push(`Cookie: ${cookie}`);
  if (way === 'upgrade') {
    lines.push('Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13');
    lines.push('Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', `Origin: http://${host}`);
  }
  return [...lines, '', ''].join('\r\n');
}

/** The servers that would have served the shut page for what this try made the gateway send. */
function reachedBy(one: Try, seen: Seen, places: ReturnType<typeof grounds>, profile: TargetProfile): readonly string[] {
  const lines = seen.upstream.get(one.tag) ?? [];
  return places.flatMap((place) =>
    place
      .servers(profile)
      .filter((server) => lines.some((line) => reaches(server, targetOf(line), `/${place.shut}`)))
      .map((server) => server.name),
  );
}

/** Everything about one try that is not as it must be, in words. */
function disagreements(one: Try, seen: Seen, profile: TargetProfile): readonly string[] {
  const lines = seen.upstream.get(one.tag) ?? [];
  const records = seen.records.get(one.tag) ?? [];
  const status = seen.answers.get(one.tag)?.status ?? 0;
  const say = (what: string): string => `${one.way}: ${one.target}: ${what}: ${JSON.stringify({ status, lines, records })}`;
  const [line, ...more] = lines;
  if (line === undefined) {
    const isRefusal = [400, 401, 403, 404, 414].includes(status);
    if (!isRefusal) return [say('it was not forwarded, and not refused either')];
    // Node's parser itself refuses what does not begin like a target; that is counted and leaves no record.
    const kinds = records.map((record) => record['event']);
    return one.target.startsWith('/') && kinds.join() !== 'refusal' ? [say('the refusal has not exactly one record')] : [];
  }
  const judged = canonicalize(one.target, profile, 8192);
  if (more.length > 0 || 'reason' in judged) return [say('it was forwarded twice, or is not canonical')];
  const faults = [];
  if (line !== `GET ${requestLine(judged)} HTTP/1.1`) faults.push(say('the request line is not what was judged'));
  const [attempt, outcome] = records;
  const paths = [attempt, outcome].map((record) => String(record?.['target']).split('?', 1)[0]);
  if (attempt?.['event'] !== 'attempt' || outcome?.['event'] !== 'outcome' || records.length !== 2)
    faults.push(say('the records are not an attempt and its outcome'));
  // What stands in the record as a token is shown as the id that it is of, which is decoded.
  if (paths.some((path) => path !== judged.path && path !== decodeURIComponent(judged.path)))
    faults.push(say('the record names another path'));
  const again = canonicalize(targetOf(line), profile, 8192);
  if ('reason' in again || requestLine(again) !== targetOf(line)) faults.push(say('what was forwarded is not itself canonical'));
  return faults;
}

function targetOf(line: string): string {
  return line.slice(line.indexOf(' ') + 1, line.lastIndexOf(' '));
}

function headerOf(headers: readonly (readonly [name: string, value: string])[], name: string): string {
  return headers.find(([one]) => one === name)?.[1] ?? '';
}

function grouped<One, Kept>(
  all: readonly One[],
  key: (one: One) => string,
  keep: (one: One) => Kept,
): ReadonlyMap<string, readonly Kept[]> {
  const groups = new Map<string, Kept[]>();
  for (const one of all) groups.set(key(one), [...(groups.get(key(one)) ?? []), keep(one)]);
  return groups;
}
