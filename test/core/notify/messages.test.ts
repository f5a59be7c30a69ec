// An alert in the shape that each kind of receiver takes, with names that would be markup there.

import { expect, it } from 'vitest';
import { alertText, detectorInWords } from '../../../src/core/notify/alert-message.ts';
import type { AlertMessage } from '../../../src/core/notify/alert-message.ts';
import { syslogAlert } from '../../../src/core/notify/syslog-alert.ts';
import { webhookBody } from '../../../src/core/notify/webhook-body.ts';

const message: AlertMessage = {
  id: 'alert-7-abc',
  kind: 'alert',
  time: '2026-11-30T12:00:00.000Z',
  clock: '2026-11-30 06:00',
  clinic: 'Northside',
  title: 'Many patients: <!channel> & [j](http://x)',
  person: '<!channel> & [j](http://x)',
  detector: 'many-patients',
  lines: ['21 charts', 'within one hour'],
  link: 'https://ehr.example/.wardgate/console?show=alerts&days=all&before=8',
};
const summary: AlertMessage = { ...message, kind: 'summary', person: null, detector: null };

it('is plain JSON', () => {
  expect(webhookBody(message, 'json')).toEqual({ product: 'wardgate', ...message });
});

it('is blocks for Slack, in which no name is a mention', () => {
  const plain = (text: string) => ({ type: 'plain_text', text, emoji: false });
  expect(webhookBody(message, 'slack')).toEqual({
    text: 'Wardgate: Many patients: &lt;!channel&gt; &amp; [j](http://x)',
    blocks: [
      { type: 'header', text: plain('Many patients: <!channel> & [j](http://x)') },
      { type: 'section', text: plain('21 charts\nwithin one hour') },
      {
        type: 'section',
        fields: [plain('Person: <!channel> & [j](http://x)'), plain('Time: 2026-11-30 06:00'), plain('Clinic: Northside')],
      },
      { type: 'actions', elements: [{ type: 'button', text: plain('Open the record'), url: message.link }] },
    ],
  });
});

it('is one Adaptive Card for a workflow of Teams, in which no name is a link', () => {
  const text = (words: string) => ({ type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: words }] });
  const body = webhookBody(summary, 'teams') as { type: string; attachments: { contentType: string; content: object }[] };
  expect(body.type).toBe('message');
  expect(body.attachments).toHaveLength(1);
  expect(body.attachments[0]?.contentType).toBe('application/vnd.microsoft.card.adaptive');
  expect(body.attachments[0]?.content).toMatchObject({
    type: 'AdaptiveCard',
    version: '1.4',
    body: [
      { inlines: [{ text: message.title, weight: 'Bolder' }] },
      text('21 charts'),
      text('within one hour'),
      text('Time: 2026-11-30 06:00'),
      text('Clinic: Northside'),
    ],
    actions: [{ type: 'Action.OpenUrl', title: 'Open the record', url: message.link }],
  });
});

it('is text for mail', () => {
  expect(alertText(message)).toBe(
    `21 charts\nwithin one hour\n\nPerson: ${message.person}\nTime: 2026-11-30 06:00 (Northside)\nRecord: ${message.link}\n`,
  );
  expect(alertText(summary)).not.toContain('Person');
});

it('is one line for syslog, with its octets before it', () => {
  const frame = syslogAlert({ ...message, title: 'Many patients: jä\nne' }, { host: 'gate way', pid: 7 });
  const [, octets, text = ''] = /^(\d+) (.*)$/s.exec(frame) ?? [];
  expect(Number(octets)).toBe(Buffer.byteLength(text));
  expect(text).toBe(
    `<84>1 2026-11-30T12:00:00.000Z gate-way wardgate 7 ALERT - \ufeffMany patients: jä ne; 21 charts; within one hour; ${message.link}; alert-7-abc`,
  );
});

it.each([
  ['failed-sign-ins', 'Failed sign ins'],
  ['', ''],
])('calls %s "%s"', (name, words) => {
  expect(detectorInWords(name)).toBe(words);
});
