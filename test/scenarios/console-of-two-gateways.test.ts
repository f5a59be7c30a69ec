// The privacy officer's pages at either of two gateways, which are in one process here: whichever one answers, an alert, its case and
// the records around it are those of the gateway that wrote them, by the number that they have among all.

import { randomBytes } from 'node:crypto';
import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadConfiguration } from '../../src/config/load.ts';
import { auditEntry } from '../../src/core/audit/entry.ts';
import type { Gateway } from '../../src/main.ts';
import { startGateway } from '../../src/main.ts';
import { CookieClient } from '../support/cookie-client.ts';
import { eventually } from '../support/demo-story.ts';
import { startPostgres } from '../support/postgres-server.ts';
import { RedisServers } from '../support/redis-server.ts';
import { requirement } from '../support/requirements.ts';
import { sessionConfiguration, signedIn } from '../support/session-gateway.ts';
import { silentLog } from '../support/silent-log.ts';
import { startWireEhr } from '../support/wire-ehr.ts';

const postgres = requirement('postgres');
const redis = requirement('redis');
const origin = 'http://localhost:4500';
const host = new URL(origin).host;
const reviewed = '/.wardgate/console/review';
const eve = { issuer: 'http://127.0.0.1:9', sub: 'eve', name: 'eve' };
const numberAmongAll = 1_000_000_000_000;

postgres.describe('two gateways', () =>
  redis.describe('in one process', () => {
    const closers: (() => Promise<unknown> | void)[] = [];
    const gateways: Gateway[] = [];
    /** The officer's one browser, at the first gateway and at the second. */
    const at: CookieClient[] = [];
    /** The numbers of an alert that each of them wrote. */
    const alerts: number[] = [];

    beforeAll(async () => {
      const server = await startPostgres(dirname(postgres.path ?? ''));
      const servers = new RedisServers(redis.path ?? '');
      const ehr = await startWireEhr();
      closers.push(
        () => server.close(),
        () => servers.close(),
        () => ehr.close(),
      );
      const store = `store: { durable: "${server.url}", redis: "redis://127.0.0.1:${(await servers.server()).port}" }`;
      const master = `${randomBytes(32).toString('base64')}\n`;
      for (let number = 0; number < 2; number += 1) {
        const rules = [
          '{ name: review, area: wardgate.review, allow: it }',
          '{ name: console, area: wardgate.console, allow: it }',
          '{ name: all, paths: /**, allow: everyone }',
        ];
        const { directory } = await sessionConfiguration({ rules }, ehr.origin);
        writeFileSync(join(directory, 'master.key'), master, { mode: 0o600 });
        appendFileSync(join(directory, 'gateway.yaml'), `masterKeyFile: master.key\n${store}\n`);
        const loaded = await loadConfiguration(join(directory, 'gateway.yaml'));
        if (!loaded.ok) throw new Error(loaded.mistakes.map(({ message }) => message).join('\n'));
        const gateway = await startGateway(loaded.configuration, silentLog);
        closers.push(
          () => gateway.close(),
          () => rmSync(directory, { recursive: true, force: true }),
        );
        gateways.push(gateway);
      }
      const { id, session } = signedIn('it');
      await gateways[0]?.composed.state.sessions.create({ ...session, place: { application: 'ehr', link: id } });
      for (const { port } of gateways) {
        const client = new CookieClient();
        client.jar.set(host, new Map([['wardgate', id]]));
        client.via.set(host, port);
        at.push(client);
      }
      for (const [number, { composed }] of gateways.entries()) {
        const entry = auditEntry('alert', composed.clock.now(), {
          subject: eve,
          reason: 'after-hours',
          detail: `Seen at gateway ${number + 1}`,
        });
        alerts.push((await composed.audit.append(entry)).sequence);
      }
      for (const client of at)
        await eventually(
          async () => {
            const { text } = await client.page(`${origin}${reviewed}`);
            return alerts.every((alert) => text.includes(String(alert)));
          },
          'both alerts at both',
          30_000,
        );
    }, 120_000);

    afterAll(async () => {
      for (const close of closers.splice(0).reverse()) await close();
    });

    test('each knows an alert of the other by its number among all', () => {
      const [first = 0, second = 0] = alerts;
      expect(first).toBeLessThan(numberAmongAll);
      expect(second).toBeGreaterThan(numberAmongAll);
    });

    test('a case is opened at one from an alert of the other, and shown at both with the alert that it is about', async () => {
      for (const [number, client] of at.entries()) {
        const other = 1 - number;
        const opened = await client.form(
          `${origin}${reviewed}`,
          { alerts: String(alerts[other]) },
          { 'sec-fetch-site': 'same-origin' },
        );
        expect(opened.status).toBe(200);
        const id = /case\?id=([\w-]+)/.exec(`${opened.url} ${opened.text}`)?.[1] ?? '';
        const name = other === 0 ? String(alerts[0]) : `2/${(alerts[1] ?? 0) - numberAmongAll}`;
        for (const reader of at) {
          const page = await eventually(async () => {
            const got = await reader.page(`${origin}${reviewed}/case?id=${id}`);
            return got.status === 200 && got;
          }, 'the case');
          expect(page.text).toContain(`record ${name}: <strong>`);
          expect(page.text).toContain(`Seen at gateway ${other + 1}`);
          // What the person did up to it: the page that the link leads to has that alert first.
          const link = /href="(\/\.wardgate\/console\?[^"]*before=[^"]*)"/.exec(page.text)?.[1]?.replaceAll('&amp;', '&') ?? '';
          const around = await eventually(async () => {
            const got = await reader.page(`${origin}${link}`);
            return got.text.includes(`Seen at gateway ${other + 1}`) && got;
          }, 'the alert among the records of its person');
          expect(around.status).toBe(200);
        }
      }
    });

    test('records are found page by page from the number of any, at either', async () => {
      for (const client of at) {
        const [first = 0, second = 0] = alerts;
        const only = async (before: number) =>
          (await client.page(`${origin}/.wardgate/console?person=eve&show=alerts&before=${before}`)).text;
        const newest = await only(second + 1);
        expect([newest.includes('Seen at gateway 2'), newest.includes('Seen at gateway 1')]).toEqual([true, true]);
        const older = await only(second);
        expect([older.includes('Seen at gateway 2'), older.includes('Seen at gateway 1')]).toEqual([false, true]);
        expect(await only(first)).toContain('No record fits');
      }
    });

    test('what follows an alert of one is done at the other', async () => {
      for (const [number, client] of at.entries()) {
        const alert = alerts[1 - number] ?? 0;
        const page = await client.page(`${origin}${reviewed}/responses`);
        expect(page.status).toBe(200);
        expect(page.text).toContain(`id="alert-${alert}"`);
        expect(page.text).toContain(`Seen at gateway ${2 - number}`);
      }
    });
  }),
);
