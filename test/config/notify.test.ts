// `notify` in alerts.yaml: what each entry becomes, and what is told of mistakes.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadConfiguration } from '../../src/config/load.ts';
import { renderMistake } from '../../src/config/mistake.ts';
import { writeConfiguration } from './write-configuration.ts';

async function loaded(notify: string, environment: Readonly<Record<string, string>> = {}) {
  const [gatewayText, rulesText] = ['gateway', 'rules'].map((name) => readFileSync(`config/${name}.yaml`));
  const { directory, gateway } = await writeConfiguration(gatewayText ?? '', rulesText ?? '');
  writeFileSync(join(directory, 'alerts.yaml'), `notify: ${notify}\n`);
  return loadConfiguration(gateway, { secrets: 'optional', environment });
}

const usual = { detectors: null, budget: 5, trustFile: null };
const hook = { kind: 'webhook', url: 'https://hooks.example/a', as: 'json', authorization: null, ...usual };
const mail = {
  kind: 'mail',
  to: 'a@clinic.example',
  from: 'w@clinic.example',
  host: 'mail.example',
  port: 587,
  tls: 'starttls',
  user: null,
  password: null,
  ...usual,
};
const byMail = 'mail: a@clinic.example, sender: w@clinic.example';
const syslog = { kind: 'syslog', host: '10.0.0.9', port: 6514, certificateFile: null, keyFile: null, ...usual };

it.each([
  ['[]', []],
  ['{ webhook: "https://hooks.example/a" }', [hook]],
  ['{ webhookEnv: HOOK, as: slack, authorizationEnv: AUTH, budget: 2, detectors: two-places }', [{ ...hook, url: 'https://hooks.example/secret', as: 'slack', authorization: 'Bearer x', budget: 2, detectors: ['two-places'] }]],
  ['{ webhookEnv: MISSING }', []],
  [`{ ${byMail}, server: "smtp://mail.example" }`, [mail]],
  [`{ mail: [a@clinic.example, b@clinic.example], sender: w@clinic.example, server: "smtps://mail.example" }`, [{ ...mail, port: 465, tls: 'at-once' }, { ...mail, to: 'b@clinic.example', port: 465, tls: 'at-once' }]],
  [`{ ${byMail}, server: "smtp://127.0.0.1.mail.example" }`, [{ ...mail, host: '127.0.0.1.mail.example' }]],
  [`{ ${byMail}, server: "smtp://127.0.0.9" }`, [{ ...mail, host: '127.0.0.9', port: 25, tls: 'none' }]],
  [`{ ${byMail}, server: "smtp://localhost" }`, [{ ...mail, host: 'localhost', port: 25, tls: 'none' }]],
  [`{ ${byMail}, server: "smtp://mail.example:2525", user: gate, passwordEnv: AUTH }`, [{ ...mail, port: 2525, user: 'gate', password: 'Bearer x' }]],
  ['{ syslog: "tls://10.0.0.9" }', [syslog]],
])('takes %s', async (notify, settings) => {
  const result = await loaded(notify, { HOOK: 'https://hooks.example/secret', AUTH: 'Bearer x' });
  if (!result.ok) throw new Error(result.mistakes.map(renderMistake).join('\n'));
  expect(result.configuration.settings.alerts.notify).toEqual(settings);
}); // prettier-ignore

it.each([
  ['{ as: slack }', 'this one names none'],
  [`{ ${byMail}, webhook: "https://a.example" }`, 'names webhook and mail'],
  ['{ syslog: "tls://a.example", as: json }', 'Key "as" belongs to a receiver with webhook, delete it'],
  ['{ webhook: "http://hooks.example/a" }', 'such as https://hooks.example/services/alerts'],
  ['{ webhook: "https://a.example", webhookEnv: HOOK }', 'stand together, keep one'],
  ['{ mail: nobody, sender: w@clinic.example, server: "smtp://a.example" }', '"nobody" is no mail address'],
  ['{ mail: a@b.example, server: "smtp://a.example" }', 'Mail needs a sender'],
  [`{ ${byMail} }`, 'Mail needs a server'],
  [`{ ${byMail}, server: mail.example }`, 'such as smtp://mail.clinic.example:587'],
  [`{ ${byMail}, server: "smtp://a.example", user: gate }`, 'needs passwordFile or passwordEnv as well'],
  [`{ ${byMail}, server: "smtp://a.example", passwordEnv: HOOK }`, 'needs user as well'],
  ['{ syslog: "tls://a.example", keyFile: a.key }', 'needs certificate beside keyFile'],
  ['{ syslog: "tcp://a.example" }', 'such as tls://siem.clinic.example:6514'],
  ['[{ webhook: "https://a.example" }, { webhook: "https://a.example" }]', 'there twice'],
  ['{ webhook: "https://a.example", detectors: [two-place] }', 'two-places'],
  ['{ webhook: "https://a.example", detectors: [] }', 'is empty, so nobody would be told'],
  ['{ webhook: "https://a.example", budget: 0 }', 'whole number from 1 to 1000'],
  [`[${Array.from({ length: 21 }, (_none, at) => `{ webhook: "https://a.example/${at}" }`).join(', ')}]`, '20 are enough'],
])('tells what is wrong in %s', async (notify, words) => {
  const result = await loaded(notify, { HOOK: 'https://hooks.example/secret' });
  const told = result.ok ? [] : result.mistakes.map(renderMistake);
  expect(told.join('\n')).toContain(words);
});
