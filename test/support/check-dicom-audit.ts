// Checks a DICOM audit message against the schema of PS3.15 A.5: order and number of the elements, which attributes each must and
// may have, and the values that are allowed. It shares nothing with the code that it checks.

import { readXml } from './read-xml.ts';
import type { XmlElement } from './read-xml.ts';

const coded = ['csd-code', 'codeSystemName', 'originalText'];
const eventIds = ['110100', '110101', '110106', '110110', '110112', '110113', '110114'];
const objectRoles = ['1', '3', '4', '11', '13', '20', '24'];

/** Attributes that must be there, then those that may. */
const attributes: Record<string, [string[], string[]]> = {
  AuditMessage: [[], []],
  EventIdentification: [['EventActionCode', 'EventDateTime', 'EventOutcomeIndicator'], []],
  EventID: [coded, []],
  EventTypeCode: [coded, []],
  EventOutcomeDescription: [[], []],
  PurposeOfUse: [coded, []],
  ActiveParticipant: [
    ['UserID', 'UserIsRequestor'],
    ['AlternativeUserID', 'UserName', 'NetworkAccessPointID', 'NetworkAccessPointTypeCode'],
  ],
  RoleIDCode: [coded, []],
  AuditSourceIdentification: [['AuditSourceID'], ['AuditEnterpriseSiteID']],
  AuditSourceTypeCode: [['csd-code'], []],
  ParticipantObjectIdentification: [
    ['ParticipantObjectID', 'ParticipantObjectTypeCode', 'ParticipantObjectTypeCodeRole'],
    ['ParticipantObjectDataLifeCycle'],
  ],
  ParticipantObjectIDTypeCode: [coded, []],
  ParticipantObjectName: [[], []],
  ParticipantObjectQuery: [[], []],
  ParticipantObjectDetail: [['type', 'value'], []],
};

/** The children of each in their order, as a pattern over their names. */
const orders: Record<string, RegExp> = {
  AuditMessage: /^EventIdentification (?:ActiveParticipant )+AuditSourceIdentification (?:ParticipantObjectIdentification )*$/,
  EventIdentification: /^EventID (?:EventTypeCode )*(?:EventOutcomeDescription )?(?:PurposeOfUse )*$/,
  ActiveParticipant: /^(?:RoleIDCode )*$/,
  AuditSourceIdentification: /^(?:AuditSourceTypeCode )*$/,
  ParticipantObjectIdentification:
    /^ParticipantObjectIDTypeCode (?:ParticipantObjectName |ParticipantObjectQuery )?(?:ParticipantObjectDetail )*$/,
};

const values: Record<string, RegExp> = {
  EventActionCode: /^[CRUDE]$/,
  EventDateTime: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
  EventOutcomeIndicator: /^(?:0|4|8|12)$/,
  UserIsRequestor: /^(?:true|false)$/,
  NetworkAccessPointTypeCode: /^[1-5]$/,
  ParticipantObjectTypeCode: /^[1-4]$/,
  ParticipantObjectTypeCodeRole: new RegExp(`^(?:${objectRoles.join('|')})$`),
  ParticipantObjectDataLifeCycle: /^(?:6|10|11|14)$/,
  value: /^[A-Za-z0-9+/]+={0,2}$/,
};

/** What is wrong with it, in words; nothing where it is right. Throws where it is no XML. */
export function dicomAuditProblems(xml: string): string[] {
  const root = readXml(xml);
  const wrong = root.name === 'AuditMessage' ? [] : ['the root'];
  if (xml.includes('\n')) wrong.push('more than one line');
  if (Buffer.byteLength(xml) > 32_768) wrong.push('more than 32 KB');
  const [event] = root.children;
  if (!eventIds.includes(event?.children[0]?.attributes['csd-code'] ?? '')) wrong.push('EventID');
  const asking = root.children.filter(({ attributes: { UserIsRequestor } }) => UserIsRequestor === 'true');
  if (asking.length !== 1) wrong.push('one requestor');
  return [...wrong, ...elementProblems(root)];
}

function elementProblems(element: XmlElement): string[] {
  const { name, children, text } = element;
  const [needed, allowed] = attributes[name] ?? [[], []];
  const given = Object.keys(element.attributes);
  const wrong = attributes[name] === undefined ? [`"${name}" is no element`] : [];
  wrong.push(...needed.filter((key) => !element.attributes[key]).map((key) => `${name}: ${key} is missing`));
  wrong.push(...given.filter((key) => ![...needed, ...allowed].includes(key)).map((key) => `${name}: ${key} is no attribute`));
  wrong.push(
    ...given.filter((key) => values[key]?.test(element.attributes[key] ?? '') === false).map((key) => `${name}: ${key}`),
  );
  if (!(orders[name] ?? /^$/).test(children.map((child) => `${child.name} `).join(''))) wrong.push(`${name}: order`);
  if (children.length > 0 && text !== '') wrong.push(`${name}: text between elements`);
  const hasPoint = [element.attributes['NetworkAccessPointID'], element.attributes['NetworkAccessPointTypeCode']];
  if (hasPoint.includes(undefined) && hasPoint[0] !== hasPoint[1]) wrong.push(`${name}: half a network access point`);
  return [...wrong, ...children.flatMap(elementProblems)];
}
