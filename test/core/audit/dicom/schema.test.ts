// Every kind of record as a DICOM audit message, held against the schema of the standard by a validator of XML that knows nothing
// of us.

import { test, expect } from 'vitest';
import { auditXml } from '../../../../src/core/audit/dicom/audit-xml.ts';
import { auditMessage } from '../../../../src/core/audit/message/audit-message.ts';
import { everyEvent, fillings, recordOf } from '../../../support/every-event.ts';
import { dicomSchemaSays } from '../../../support/hapi.ts';
import { requirement } from '../../../support/requirements.ts';

const needed = requirement('hapi');

needed.describe("the schema of DICOM's audit messages", () => {
  test('takes every kind in every filling, and nothing that is wrong', { timeout: 120_000 }, () => {
    const messages = fillings.flatMap(([name, fields]) =>
      everyEvent.flatMap((event) => {
        const message = auditMessage(recordOf(event, fields), 'wardgate-audit/1f0c2d3e4a5b6978');
        return message === null ? [] : [{ what: `${event} ${name}`, xml: auditXml(message) }];
      }),
    );
    const right = messages[0]?.xml ?? '';
    const wrong = [
      right.replace(/<EventID [^>]*>/, ''),
      right.replace('EventOutcomeIndicator="4"', 'EventOutcomeIndicator="5"'),
      right.replaceAll('csd-code', 'code'),
      right.replace('<AuditSourceIdentification', '<Other/><AuditSourceIdentification'),
    ];
    const said = dicomSchemaSays(needed.path ?? '', [...messages.map(({ xml }) => xml), ...wrong]);
    expect(said).toHaveLength(messages.length + wrong.length);
    const problems = messages.map(({ what }, at) => `${what}: ${said[at]}`).filter((one) => !one.endsWith(': valid'));
    expect(problems).toEqual([]);
    expect(said.slice(messages.length)).not.toContain('valid');
  });
});
