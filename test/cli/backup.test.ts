// The drill: a clinic is backed up while it works, its machine is lost, and it goes on from the backup on an empty one. And
// what stands in the way is told in words that are enough to mend it.

import { generateKeyPairSync } from 'node:crypto';
import { copyFileSync, existsSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { backup } from '../../src/cli/backup.ts';
import { restore } from '../../src/cli/restore.ts';
import { segments, verify } from '../support/audit-log.ts';
import { passphrase, passphraseFile, said, told, unfinished } from '../support/backup-clinic.ts';
import { makeCertificate } from '../support/certificate.ts';
import { clinic } from '../support/clinic.ts';
import type { Clinic } from '../support/clinic.ts';
import { endCommands, gatewayProcess } from '../support/command.ts';
import type { CookieClient } from '../support/cookie-client.ts';
import { records } from '../support/demo-story.ts';
import { enrol, tryCode } from '../support/enrol.ts';
import { requirement } from '../support/requirements.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { filesBelow } from '../support/files-below.ts';

const script = { accept: '*/*', 'sec-fetch-mode': 'cors' };

let place: Clinic;

beforeAll(async () => {
  place = await clinic();
});

afterAll(async () => {
  await endCommands();
  await place.close();
});

/** Reads charts until told to stop. Resolves with how many answers came, all of them good. */
function working(client: CookieClient) {
  const shift = { isOver: false };
  const run = async (): Promise<number> => {
    let count = 0;
    for (; !shift.isOver; count += 1) {
      const reply = await client.ask(`${place.origin}/chart?pid=${1 + (count % 5)}`, { headers: script });
      if (reply.status !== 200) throw new Error(`The chart was answered ${reply.status}: ${reply.text}`);
    }
    return count;
  };
  const ended = run();
  return {
    stop: () => {
      shift.isOver = true;
      return ended;
    },
  };
}

test('a clinic goes on from a backup that was made while it worked', { timeout: 120_000 }, async () => {
  const folder = temporaryDirectory();
  const [file, secret] = [join(folder, 'monday.backup'), passphraseFile(folder)];
  let gateway = await gatewayProcess(place.file);
  const nurse = await enrol(place.origin, 'newcomer');
  const shift = working(nurse.client);
  const made = await said('backup', '--to', file, '--config', place.file, '--passphrase-file', secret);
  expect(await shift.stop()).toBeGreaterThan(3);
  expect(made).toMatchObject({ code: 0, err: '' });
  expect(made.out).toContain(`The backup "${file}" is made, read back and whole`);
  expect(made.out).toMatch(/SHA-256 [0-9a-f]{64}\n/);
  expect(made.out).toContain(`${join(place.directory, 'client-secret')} (signIn.clientSecretFile)`);
  expect([statSync(file).mode & 0o777, unfinished(place.directory), unfinished(folder)]).toEqual([0o600, [], []]);

  const whole = await said('backup', '--verify', file, '--passphrase-file', secret, '--json');
  const { audit, sha256 } = JSON.parse(whole.out) as { audit: { sequence: number }; sha256: string };
  expect([whole.code, made.out.includes(sha256)]).toEqual([0, true]);

  const after = await nurse.client.ask(`${place.origin}/chart?pid=2`, { headers: script });
  expect(after.status).toBe(200);
  await gateway.end('SIGKILL');
  const lost = join(temporaryDirectory(), 'lost');
  renameSync(place.directory, lost);

  const back = await said('restore', file, '--to', place.directory, '--passphrase-file', secret, '--by', 'Ada Lovelace');
  expect(back).toMatchObject({ code: 0, err: '' });
  expect(back.out).toContain(`Record ${audit.sequence + 1} of the access record says that it was restored`);
  expect(back.out).not.toContain('Move, because');
  expect(readdirSync(place.directory).sort()).toEqual(['alerts.yaml', 'data', 'gateway.yaml', 'rules.yaml']);
  const refused = await said('start', '--config', place.file);
  expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('client-secret') as string });
  copyFileSync(join(lost, 'client-secret'), join(place.directory, 'client-secret'));

  gateway = await gatewayProcess(place.file);
  const stillIn = await nurse.client.ask(`${place.origin}/chart?pid=2`, { headers: script });
  expect(stillIn.status).toBe(401);
  expect(await tryCode(place.origin, 'newcomer', nurse.usedCode)).toMatchObject({ status: 403, signedIn: false });
  expect(await tryCode(place.origin, 'newcomer', nurse.recoveryCodes[0] ?? '')).toMatchObject({ signedIn: true });

  const events = records(place);
  expect(events.slice(audit.sequence, audit.sequence + 2).map((one) => one['event'])).toEqual(['restored', 'start']);
  expect(events[audit.sequence]?.['detail']).toContain('by "Ada Lovelace (');
  const log = await said('audit', 'verify', '--dir', place.auditDirectory);
  expect(log.code).toBe(0);
  expect(log.out).toMatch(/^Sound, but restored from a backup and so not unbroken: /);
  expect(log.out).toContain(`Restored: record ${audit.sequence + 1} (`);
  await gateway.end();
});

describe('a backup', () => {
  test(
    'is not made without a lock, over a file, or in a configuration with mistakes; one in the rules does not stop it',
    { timeout: 60_000 },
    async () => {
      const folder = temporaryDirectory();
      const [file, secret] = [join(folder, 'backup'), passphraseFile(folder)];
      const toFile = (...more: string[]) => told(backup, '--to', file, '--config', place.file, ...more);
      expect(await toFile()).toMatchObject({
        code: 2,
        err: expect.stringContaining('a backup is never written in the clear') as string,
      });
      expect(await toFile('--passphrase-file', secret, '--recipient-key', secret)).toMatchObject({ code: 2 });
      expect(await toFile('--passphrase-file', join(folder, 'none'))).toMatchObject({
        code: 2,
        err: expect.stringContaining('does not exist') as string,
      });
      const open = join(folder, 'open');
      writeFileSync(open, passphrase, { mode: 0o644 });
      expect(await toFile('--passphrase-file', open)).toMatchObject({
        code: 1,
        err: expect.stringContaining('can be read by others (mode 0644)') as string,
      });
      expect(await told(backup, '--to', file, '--verify', file)).toMatchObject({ code: 2 });
      expect(existsSync(file)).toBe(false);

      writeFileSync(file, 'mine');
      expect(await toFile('--passphrase-file', secret)).toMatchObject({
        code: 1,
        err: expect.stringContaining('nothing is overwritten') as string,
      });
      expect(readFileSync(file, 'utf8')).toBe('mine');

      const rules = readFileSync(join(place.directory, 'rules.yaml'), 'utf8');
      writeFileSync(join(place.directory, 'rules.yaml'), 'mode: nonsense\n');
      expect(await told(backup, '--to', `${file}.2`, '--config', place.file, '--passphrase-file', secret)).toMatchObject({
        code: 0,
      });
      writeFileSync(join(place.directory, 'rules.yaml'), rules);

      const broken = join(folder, 'gateway.yaml');
      writeFileSync(broken, 'nonsense: true\n');
      const mistaken = await told(backup, '--to', `${file}.3`, '--config', broken, '--passphrase-file', secret);
      expect(mistaken).toMatchObject({ code: 2, err: expect.stringContaining('gateway.yaml:1:1') as string });
      expect(readdirSync(folder).sort()).toEqual(['backup', 'backup.2', 'gateway.yaml', 'open', 'passphrase']);
    },
  );

  test('for the holder of a key cannot be opened by the machine that made it', { timeout: 60_000 }, async () => {
    const folder = temporaryDirectory();
    const file = join(folder, 'backup');
    const { publicKey, privateKey } = generateKeyPairSync('x25519');
    const [locks, opens] = [join(folder, 'public.pem'), join(folder, 'private.pem')];
    writeFileSync(locks, publicKey.export({ type: 'spki', format: 'pem' }));
    writeFileSync(opens, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    expect(await told(backup, '--to', file, '--config', place.file, '--recipient-key', locks)).toMatchObject({ code: 0 });
    expect(await told(backup, '--verify', file, '--key', opens)).toMatchObject({ code: 0 });
    expect(await told(backup, '--verify', file, '--passphrase-file', passphraseFile(folder))).toMatchObject({
      code: 1,
      err: expect.stringContaining('locked for the holder of a key') as string,
    });
    expect(await told(backup, '--to', `${file}.2`, '--config', place.file, '--recipient-key', opens)).toMatchObject({
      code: 1,
      err: expect.stringContaining('the key is private') as string,
    });
  });

  test('that does not open, or is not whole, restores nothing', { timeout: 60_000 }, async () => {
    const folder = temporaryDirectory();
    const [file, to, secret] = [join(folder, 'backup'), join(folder, 'to'), passphraseFile(folder)];
    await told(backup, '--to', file, '--config', place.file, '--passphrase-file', secret);
    const wrong = passphraseFile(temporaryDirectory(), 'another passphrase');
    const from = (name: string, key: string) => told(restore, name, '--to', to, '--passphrase-file', key);
    expect(await from(file, wrong)).toMatchObject({
      code: 1,
      err: expect.stringContaining(`Cannot restore "${file}" to "${to}": the passphrase or key is not the one`) as string,
    });
    writeFileSync(`${file}.cut`, readFileSync(file).subarray(0, -1));
    expect(await from(`${file}.cut`, secret)).toMatchObject({ code: 1, err: expect.stringContaining('cut off') as string });
    expect(await told(backup, '--verify', `${file}.cut`, '--passphrase-file', secret)).toMatchObject({ code: 1 });
    expect(await from(join(folder, 'none'), secret)).toMatchObject({ code: 2 });
    expect(await told(restore, file, '--passphrase-file', secret)).toMatchObject({
      code: 2,
      err: expect.stringContaining('Option --to is missing') as string,
    });
    expect(readdirSync(folder).sort()).toEqual(['backup', 'backup.cut', 'passphrase']);
  });
});

requirement('openssl').describe('certificates', () => {
  test('are in it without their keys, unless the keys are asked for', { timeout: 60_000 }, async () => {
    const folder = temporaryDirectory();
    const [tls, both] = [makeCertificate(folder, 'gate'), join(folder, 'both.pem')];
    writeFileSync(both, readFileSync(tls.certificate, 'utf8') + readFileSync(tls.key, 'utf8'), { mode: 0o600 });
    const secured = await clinic({
      tls,
      applicationLines: ['preset: legacy-demo', 'signOn: { header: X-Remote-User }', `trust: ${both}`],
    });
    await (await gatewayProcess(secured.file)).end();
    const make = (name: string, ...more: string[]) =>
      said('backup', '--to', join(folder, name), '--config', secured.file, '--passphrase-file', passphraseFile(folder), ...more);
    const without = await make('without');
    expect(without.code).toBe(0);
    expect(without.out).toContain('certificates   gate.pem\n');
    expect(without.out).toContain(`${tls.key} (listen.keyFile)`);
    expect(without.out).toContain(`${both} (it holds a private key)`);
    const withKeys = await make('with', '--with-tls-keys');
    expect(withKeys.out).toContain('certificates   gate.pem, both.pem\n');
    expect(withKeys.out).toMatch(/keys +gate\.key, master\.key/);
    expect(withKeys.out).not.toContain('listen.keyFile');
    const back = await said(
      'restore',
      join(folder, 'with'),
      '--to',
      join(folder, 'to'),
      '--passphrase-file',
      join(folder, 'passphrase'),
    );
    expect(back.out).toContain(
      `Move, because gateway.yaml names another place:\n  ${join(folder, 'to/elsewhere/files/gate.pem')} to ${tls.certificate}`,
    );
    await secured.close();
  });
});

test('what stands in PostgreSQL is not in it: backup, verification and restore say so, and how to save it', async () => {
  const [folder, data] = [temporaryDirectory(), join(place.directory, 'data')];
  const [file, secret] = [join(folder, 'b'), passphraseFile(folder)];
  await (await gatewayProcess(place.file)).end();
  const shared = join(place.directory, 'shared.yaml');
  const store = 'store: { durable: { url: "postgres://wardgate@localhost:5433/clinic", schema: northside } }';
  writeFileSync(shared, `${readFileSync(place.file, 'utf8')}${store}\n`);
  const beside = ['moved-to-postgresql', 'gateway-number.json'];
  for (const name of beside) writeFileSync(join(data, name), '{}\n');
  const made = await told(backup, '--to', file, '--config', shared, '--passphrase-file', secret);
  for (const name of [...beside, 'shared.yaml']) rmSync(join(name === 'shared.yaml' ? place.directory : data, name));
  const dump = "pg_dump --format=custom --schema=northside --file=FILE 'postgres://wardgate@localhost:5433/clinic'";
  expect(made).toMatchObject({ code: 0, err: '' });
  expect(made.out).toContain(dump);
  expect((await told(backup, '--verify', file, '--passphrase-file', secret)).out).toContain(dump);
  const to = join(folder, 'restored');
  const back = await told(restore, file, '--to', to, '--passphrase-file', secret);
  expect(back).toMatchObject({ code: 0, err: '' });
  expect(back.out).toContain("--dbname='postgres://wardgate@localhost:5433/clinic' FILE");
  expect(back.out).not.toContain('People sign in again');
  expect(beside.filter((name) => !existsSync(join(to, 'data', name)))).toEqual([]);
});

test(
  'everything a gateway leaves in its data directory is in a backup, or left out on purpose',
  { timeout: 60_000 },
  async () => {
    const folder = temporaryDirectory();
    const gateway = await gatewayProcess(place.file);
    const made = await said(
      'backup',
      '--to',
      join(folder, 'b'),
      '--config',
      place.file,
      '--passphrase-file',
      passphraseFile(folder),
      '--json',
    );
    const data = join(place.directory, 'data');
    const there = [...filesBelow(data).keys()].map((path) => relative(data, path));
    await gateway.end();
    const { files } = JSON.parse(made.out) as { files: { from: string }[] };
    const taken = new Set(files.map(({ from }) => from));
    const leftOut = there.filter((name) => !taken.has(join(data, name)));
    // Locks and room on the disk are made anew, journals are in the copies, the public key follows from the
    // private one, and the tree from the records.
    const onPurpose =
      /^(?:instance\.(?:lock|lock-journal|pid)|(?:identity|sessions)\.db-(?:wal|shm)|audit-index\.db(?:-wal|-shm)?|audit\/(?:lock|reserve|audit-signing\.pub|tree\/.+))$/;
    expect(leftOut.filter((name) => !onPurpose.test(name))).toEqual([]);
    expect(there.length).toBeGreaterThan(8);
    expect((await verify(place.auditDirectory)).sound).toBe(true);
    expect(segments(place.auditDirectory).length).toBeGreaterThan(0);
  },
);
