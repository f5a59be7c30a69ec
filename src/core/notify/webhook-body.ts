// An alert as each kind of webhook takes it: as plain JSON, as Slack's blocks, or as the Adaptive Card that a Teams workflow posts.

import type { AlertMessage } from './alert-message.ts';
import type { WebhookSettings } from './notify-settings.ts';

/** Characters of one text that Slack takes. */
const mostSlackText = 2900;

export function webhookBody(message: AlertMessage, as: WebhookSettings['as']): object {
  if (as === 'slack') return slackBody(message);
  return as === 'teams' ? teamsBody(message) : { product: 'wardgate', ...message };
}

function factsOf({ person, clock, clinic }: AlertMessage): readonly (readonly [string, string])[] {
  return [...(person === null ? [] : [['Person', person] as const]), ['Time', clock], ['Clinic', clinic]];
}

function slackBody(message: AlertMessage): object {
  const { title, lines, link } = message;
  const plain = (text: string) => ({ type: 'plain_text', text: text.slice(0, mostSlackText), emoji: false });
  return {
    // What a phone shows, and what is read out; Slack reads markup in it.
    text: `Wardgate: ${slackText(title)}`,
    blocks: [
      { type: 'header', text: plain(title.slice(0, 150)) },
      { type: 'section', text: plain(lines.join('\n')) },
      { type: 'section', fields: factsOf(message).map(([name, value]) => plain(`${name}: ${value}`.slice(0, 1900))) },
      { type: 'actions', elements: [{ type: 'button', text: plain('Open the record'), url: link }] },
    ],
  };
}

/** Nothing in it is a mention or a link. */
function slackText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function teamsBody(message: AlertMessage): object {
  const { title, lines, link } = message;
  // Text runs show what stands in them; a TextBlock would read Markdown in a name.
  const text = (words: string, more: object = {}) => ({
    type: 'RichTextBlock',
    inlines: [{ type: 'TextRun', text: words, ...more }],
  });
  const facts = factsOf(message).map(([name, value]) => text(`${name}: ${value}`));
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [text(title, { weight: 'Bolder', size: 'Medium' }), ...lines.map((line) => text(line)), ...facts],
    actions: [{ type: 'Action.OpenUrl', title: 'Open the record', url: link }],
  };
  const attachment = { contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content };
  return { type: 'message', attachments: [attachment] };
}
