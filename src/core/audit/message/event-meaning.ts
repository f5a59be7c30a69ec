// What each kind of record is in the words of the field: the event and event type codes of DICOM (PS3.16), which FHIR uses as
// well. The table is total by its type: a new kind of record does not compile until somebody has said here what it is.

import type { AuditEvent } from '../entry.ts';

/** Codes of the system DCM, and what each is called there. */
export const dicomNames = {
  '110100': 'Application Activity',
  '110101': 'Audit Log Used',
  '110106': 'Export',
  '110110': 'Patient Record',
  '110112': 'Query',
  '110113': 'Security Alert',
  '110114': 'User Authentication',
  '110120': 'Application Start',
  '110121': 'Application Stop',
  '110122': 'Login',
  '110123': 'Logout',
  '110127': 'Emergency Override Started',
  '110129': 'Security Configuration',
  '110132': 'Use of Restricted Function',
  '110133': 'Audit Recording Stopped',
  '110134': 'Audit Recording Started',
  '110135': 'Object Security Attributes Changed',
  '110136': 'Security Roles Changed',
  '110137': 'User Security Attributes Changed',
  '110150': 'Application',
  '110152': 'Destination Role ID',
  '110153': 'Source Role ID',
} as const;

export type DicomCode = keyof typeof dicomNames;

/** 0 success, 4 minor failure, 8 serious failure; both standards count so. */
export type Outcome = '0' | '4' | '8';

export interface EventMeaning {
  readonly id: '110100' | '110101' | '110106' | '110110' | '110113' | '110114';
  readonly type: DicomCode | null;
  /** What it is where the record does not say that it was refused. */
  readonly outcome: Outcome;
  /**
   * What the recorded person is in it: who did it, somebody to whom it happened while they took part, or whom it is about.
   * Whose record came with no request of theirs did not do it, whatever stands here.
   */
  readonly person: 'actor' | 'bystander' | 'object';
}

/** A request at the EHR, whose codes follow from what it did. */
const access: EventMeaning = { id: '110110', type: null, outcome: '0', person: 'actor' };
const activity: EventMeaning = { id: '110100', type: null, outcome: '0', person: 'actor' };
const auditUsed: EventMeaning = { id: '110101', type: null, outcome: '0', person: 'actor' };
const login: EventMeaning = { id: '110114', type: '110122', outcome: '0', person: 'actor' };
const loginFailed: EventMeaning = { ...login, outcome: '4' };
const logout: EventMeaning = { ...login, type: '110123' };
const ended: EventMeaning = { ...logout, person: 'bystander' };
const alert: EventMeaning = { id: '110113', type: null, outcome: '0', person: 'actor' };
const restricted: EventMeaning = { ...alert, type: '110132' };
const configured: EventMeaning = { ...alert, type: '110129' };
const device: EventMeaning = { ...alert, type: '110135' };
const account: EventMeaning = { ...alert, type: '110137' };

export const eventMeanings: Readonly<Record<AuditEvent, EventMeaning>> = {
  attempt: access,
  outcome: access,
  refusal: { ...restricted, outcome: '4' },
  'refusals-summed': { ...restricted, outcome: '4' },
  'sign-in': login,
  'sign-in-failed': loginFailed,
  'emergency-code': login,
  'emergency-sign-in': login,
  'emergency-sign-in-failed': loginFailed,
  'sign-out': logout,
  'session-ended': ended,
  'taken-over': login,
  'kept-both': login,
  'switched-away': logout,
  'switched-to': login,
  locked: ended,
  unlocked: login,
  'unlock-failed': loginFailed,
  'ehr-kept-warm': { ...activity, person: 'object' },
  'roles-refreshed': { ...alert, type: '110136', person: 'object' },
  'second-factor': login,
  'second-factor-failed': loginFailed,
  'second-factor-blocked': { ...login, outcome: '8' },
  'step-up': login,
  'step-up-failed': loginFailed,
  enrolment: account,
  'factor-removed': account,
  'factor-renamed': account,
  'recovery-codes-renewed': account,
  'device-registered': device,
  'device-removed': device,
  'device-remembered': device,
  'device-forgotten': device,
  'pin-set': account,
  'pin-failed': loginFailed,
  'pin-removed': account,
  'recovery-code-used': login,
  'break-glass': { ...alert, type: '110127' },
  'budget-extended': restricted,
  'budget-warning': alert,
  // The access itself is an `outcome`; a second one of it would count it twice.
  'chart-opened': activity,
  'credential-stored': account,
  'credential-removed': account,
  'ehr-sign-on': login,
  'draft-held': activity,
  'own-access-viewed': auditUsed,
  'post-held': activity,
  'post-sent': activity,
  'post-discarded': activity,
  'post-expired': { ...activity, person: 'object' },
  'access-asked': activity,
  acknowledged: activity,
  'acknowledgement-postponed': activity,
  order: { ...account, person: 'object' },
  offboarded: { ...account, person: 'object' },
  readmitted: { ...account, person: 'object' },
  'enrol-code-used': account,
  'factor-notice-seen': activity,
  start: { ...activity, type: '110120' },
  stop: { ...activity, type: '110121' },
  configuration: configured,
  'configuration-rejected': { ...configured, outcome: '4' },
  heartbeat: activity,
  'audit-repaired': { ...alert, type: '110134' },
  'audit-outage': { ...alert, type: '110133', outcome: '8' },
  restored: configured,
  epoch: configured,
  'epoch-closed': configured,
  'audit-pruned': configured,
  'audit-hold': configured,
  'audit-hold-released': configured,
  'audit-exported': auditUsed,
  'recertification-started': configured,
  'recertification-decided': { ...alert, type: '110136' },
  'recertification-signed': { ...alert, type: '110136' },
  'recertification-closed': { ...alert, type: '110136', person: 'object' },
  'report-made': auditUsed,
  'review-prepared': auditUsed,
  'review-disposed': auditUsed,
  'review-refused': auditUsed,
  'review-signed': auditUsed,
  'review-overdue': alert,
  // A question about somebody, no finding: nothing has failed but the expectation of a detector.
  alert: { ...alert, outcome: '4', person: 'object' },
  // What followed it, and its end.
  response: { ...restricted, person: 'object' },
  'response-lifted': { ...restricted, person: 'object' },
  'case-step': auditUsed,
  disclosure: { id: '110106', type: null, outcome: '0', person: 'actor' },
  'disclosure-not': activity,
  'disclosure-owed': activity,
  'disclosure-cancelled': activity,
  'disclosure-suspended': configured,
  'disclosure-resumed': configured,
};

/** Orders that look into the record itself. */
const looking = /^"(?:audit search|report|patients show)"/;

/** A kind that this version does not know, of a later one, is still told, as activity. */
export function meaningOf(event: string, detail: string | null): EventMeaning {
  if (event === 'order' && detail !== null && looking.test(detail)) return { ...auditUsed, person: 'object' };
  return isKnown(event) ? eventMeanings[event] : activity;
}

function isKnown(event: string): event is AuditEvent {
  return Object.hasOwn(eventMeanings, event);
}
