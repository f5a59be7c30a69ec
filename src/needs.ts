// Everything the lists in `request-path.ts` need, gathered once by `compose.ts`. Each stage names its own narrow part.

import type { Limits } from './config/edge-limits.ts';
import type { EhrSignOn } from './ehr-ports.ts';
import type { AuditLog, Clock, GrantStore, Metrics, OwnPages, SessionStore } from './ports.ts';
import type { AddPageScriptNeeds } from './reply/add-page-script.ts';
import type { AdmitReplyDownloadNeeds } from './reply/admit-reply-download.ts';
import type { EndWithEhrNeeds } from './reply/end-with-ehr.ts';
import type { GuardCookiesNeeds } from './reply/guard-cookies.ts';
import type { NoticeEhrEndNeeds } from './reply/notice-ehr-end.ts';
import type { RecordDisclosureNeeds } from './reply/record-disclosure.ts';
import type { RefuseEhrChallengeNeeds } from './reply/refuse-ehr-challenge.ts';
import type { CommitSelectionNeeds } from './settle/commit-selection.ts';
import type { NoteChartOpenedNeeds } from './settle/note-chart-opened.ts';
import type { RecordOutcomeNeeds } from './settle/record-outcome.ts';
import type { AdmitDownloadNeeds } from './stages/admit-download.ts';
import type { AskDisclosureNeeds } from './stages/ask-disclosure.ts';
import type { AuthorizeNeeds } from './stages/authorize.ts';
import type { ExpireSessionNeeds } from './stages/expire-session.ts';
import type { ForwardNeeds } from './stages/forward.ts';
import type { IdentifyMachineNeeds } from './stages/identify-machine.ts';
import type { IdentifyNeeds } from './stages/identify-request.ts';
import type { NameNeeds } from './stages/name-request.ts';
import type { LoadSessionNeeds } from './stages/load-session.ts';
import type { HoldPostNeeds } from './stages/hold-post.ts';
import type { HoldRestrictedNeeds } from './stages/hold-restricted.ts';
import type { ReadFormNeeds } from './stages/read-form.ts';
import type { RefuseLockedNeeds } from './stages/refuse-locked.ts';
import type { ReadSubjectMatterNeeds } from './stages/read-subject-matter.ts';
import type { RequireBreakGlassNeeds } from './stages/require-break-glass.ts';
import type { RequireSecondFactorNeeds } from './stages/require-second-factor.ts';
import type { RecordAttemptNeeds } from './stages/record-attempt.ts';
import type { TakeTurnNeeds } from './stages/take-turn.ts';

export type Needs = NameNeeds &
  IdentifyNeeds &
  TakeTurnNeeds &
  IdentifyMachineNeeds &
  LoadSessionNeeds &
  ExpireSessionNeeds &
  HoldPostNeeds &
  RefuseLockedNeeds &
  ReadFormNeeds &
  ReadSubjectMatterNeeds &
  AuthorizeNeeds &
  RequireSecondFactorNeeds &
  RequireBreakGlassNeeds &
  HoldRestrictedNeeds &
  AdmitDownloadNeeds &
  AskDisclosureNeeds &
  RecordDisclosureNeeds &
  AddPageScriptNeeds &
  AdmitReplyDownloadNeeds &
  ForwardNeeds &
  EndWithEhrNeeds &
  NoticeEhrEndNeeds &
  GuardCookiesNeeds &
  RefuseEhrChallengeNeeds &
  CommitSelectionNeeds &
  NoteChartOpenedNeeds &
  RecordOutcomeNeeds &
  RecordAttemptNeeds & {
    readonly audit: AuditLog;
    readonly clock: Clock;
    readonly grants: GrantStore;
    readonly limits: Limits;
    readonly metrics: Metrics;
    readonly pages: OwnPages;
    readonly sessions: SessionStore;
    readonly signOn: ReadonlyMap<string, EhrSignOn>;
  };
