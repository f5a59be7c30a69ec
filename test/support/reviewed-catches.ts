// Every catch in the product, by file: how many there are, and why none of them widens access. A catch that is added or
// taken away must be reviewed here as well; command line tools and the demo stand behind no request and are left out.

export interface Reviewed {
  readonly catches: number;
  readonly because: string;
}

const one = (because: string): Reviewed => ({ catches: 1, because });
const several = (catches: number, because: string): Reviewed => ({ catches, because });

export const reviewedCatches: Readonly<Record<string, Reviewed>> = {
  // On the way of a request: a catch ends it, or turns what cannot be read into a refusal.
  'src/pipeline.ts': one('thrown on with the name of the stage; the runner ends the request'),
  'src/http/serve.ts': several(
    4,
    'a stage, a reply step and the durable record end the request with a fault; a settle step is told to the log after the end',
  ),
  'src/http/edge-server.ts': one('what the runner itself could not serve is told to the log; nothing was answered or forwarded'),
  'src/http/send-reply.ts': one('a reply whose head cannot be written is given up, and the connection with it'),
  'src/http/sweep-sessions.ts': several(
    2,
    'what could not be looked at is told to the log; it was permitted, and is looked at again',
  ),
  'src/http/server-certificate.ts': one('told to the log and the console; the certificate in use stays'),
  'src/http/control-server.ts': one('what cannot be read of an order is refused with 400'),
  'src/http/open-control.ts': one('told to the log and the health page; no order is taken'),
  'src/control/take-order.ts': one('the order is answered with a failure; what was done before it is on record'),
  'src/control/record-durably.ts': one('thrown on, as a fault of the record'),
  'src/control/recertification-desk.ts': several(
    3,
    'a look that failed is told to the log and comes again; who waits for the turn hears it themselves; what cannot be read was not signed',
  ),
  'src/stages/forward.ts': one('a session that ended and a body that broke its limits are refused, everything else thrown on'),
  'src/reply/meter-and-pace.ts': one('a warning that could not be written; the attempt itself is on record'),
  'src/reply/record-disclosure.ts': one('the reminder of an answer that is owed; that it is owed is on record'),
  'src/settle/record-outcome.ts': one(
    'the outcome could not be written and is told to the log; the attempt is on record, and the next request meets a closed log',
  ),
  'src/settle/note-chart-opened.ts': one('what was opened could not be noted and is told to the log; the attempt is on record'),
  'src/ehr/run-recipe.ts': one('a step that only follows up on a success is left out; everything else is thrown on'),
  'src/ehr/play-once.ts': one('recorded where a password had gone out, and thrown on'),
  'src/ehr/trial.ts': one('thrown on; whether it counts at the brake depends on what had gone out'),
  'src/ehr/log-out-of-ehrs.ts': one('an EHR that did not hear of the end is told to the log; its cookies are gone all the same'),
  'src/ehr/keep-warm.ts': one('told to the log; nothing is asked where it could not be recorded'),
  'src/core/target/canonicalize.ts': one('no UTF-8: the target is refused'),
  'src/core/policy/fields.ts': one('no percent-encoding: the field is in doubt'),
  'src/core/policy/multipart.ts': one('no UTF-8: the field is in doubt'),
  'src/core/policy/method-override.ts': one('no JSON: the body is refused'),
  'src/core/ehr/json-pointer.ts': one('no JSON: no test that asks for a value of it holds, and nothing is taken'),
  'src/core/audit/encode-head.ts': one('a damaged head does not verify'),
  'src/compose/heartbeat.ts': one('a heartbeat that could not be recorded is told to the log, and its gap tells the rest'),
  'src/adapters/audit-feed.ts': one('told on the health page, and tried again: what was not taken is still in the log'),
  'src/adapters/audit-feed-thread.ts': one('the feed is told that ids cannot be read, and waits'),
  'src/adapters/audit-feed-worker.ts': one('a wait that the end of the gateway cut short'),
  'src/adapters/feed-fhir.ts': several(2, 'thrown on behind a connection that is closed; the rest of an answer is not read'),
  'src/adapters/feed-syslog.ts': one('thrown on; the next connection carries less'),
  'src/adapters/syslog-connection.ts': one('whoever sends awaits the same promise, and hears of it there'),
  'src/adapters/audit-anchor.ts': one('thrown on, unless the same checkpoint stands there already or the server knows no links'),
  'src/adapters/audit-prove.ts': one('thrown on after three readings: there is no proof'),
  'src/adapters/audit-anchoring.ts': several(
    3,
    'an anchor that cannot be reached is told on the console and tried again, and what it does not let us remove stays; nothing is let in by either',
  ),
  'src/adapters/audit-tree.ts': one('thrown on, and the next look begins anew'),
  'src/adapters/audit-tree-files.ts': one('a file that is not there is none; everything else is thrown on'),
  'src/adapters/audit-tree-growth.ts': one('without its tiles the tree is built again from the log'),
  'src/adapters/audit-tree-worker.ts': one('told to the gateway, which says it on the console and in the log'),
  'src/core/audit/read-record.ts': one('a damaged line is no record and does not verify'),
  // Signing in: thrown on as a fault, or no session.
  'src/sign-in/back-channel-logout-route.ts': several(2, 'the token may be sent again, and the fault is thrown on'),
  'src/sign-in/callback-route.ts': one('recorded, and thrown on'),
  'src/sign-in/ask-access-route.ts': one('thrown on: what was not recorded was not asked, and may be asked once more'),
  'src/sign-in/asked-access.ts': one('what does not open was not refused here, and is not asked for'),
  'src/sign-in/try-credential.ts': one('counted and recorded as a failure, and thrown on'),
  'src/sign-in/one-at-a-time.ts': one('the next in line does not inherit the failure; whoever asked gets it'),
  'src/sign-in/own-sessions-route.ts': one('the page says so; told to the log'),
  'src/sign-in/passkey-ceremony.ts': several(3, 'an answer that cannot be read or believed is none; recorded with why'),
  'src/sign-in/record.ts': one('thrown on as a fault: no record, no access'),
  'src/sign-in/session-tokens.ts': one('tokens that do not open are none: the person signs in again'),
  'src/sign-in/verify-totp.ts': one('no code is right while the clock stands before the last one'),
  // Wiring and the end of the process.
  'src/compose/open-parts.ts': several(
    2,
    'an opening that failed closes the audit and is thrown on; the record that a held post expired is told to the log',
  ),
  'src/compose.ts': several(
    6,
    'an opening that failed closes what was opened and is thrown on; records of locks, ends, sums and what commands did are told to the log',
  ),
  'src/main.ts': several(
    4,
    'a start that failed is thrown on; a log that cannot be written answers 503; the last record that failed opens nothing',
  ),
  // Configuration: a mistake, or the rules in force stay.
  'src/config/machine-credential.ts': several(
    2,
    'told as a mistake with its place: a certificate that cannot be read is no machine',
  ),
  'src/http/doors.ts': one('the other listener is closed, and the failure thrown on'),
  'src/config/gateway-settings.ts': one('an unknown time zone is a mistake'),
  'src/config/clinic-logo.ts': one('a logo that cannot be read is a mistake'),
  'src/config/presets.ts': one('no preset can be named where none can be listed'),
  'src/config/reading.ts': several(2, 'a file that cannot be read is told, and an empty secret signs nobody in'),
  'src/config/read-certificate.ts': several(2, 'thrown on in words: a certificate that cannot be used is a mistake'),
  'src/config/certificate-chain.ts': one('an authority that cannot be read vouches for nobody, which is only warned of'),
  'src/config/listen-certificate.ts': several(
    3,
    'what cannot be read or used is a mistake; an authority that cannot be read vouches for nobody',
  ),
  'src/config/trusted-authority.ts': several(2, 'what cannot be read is told where it is named, and vouches for nobody'),
  'src/config/watch.ts': several(3, 'rules that cannot be read or recorded are not used; it is tried again'),
  'src/config/config-bytes.ts': several(2, 'a file that cannot be read, or is no UTF-8, is a mistake'),
  // Audit: what cannot be written is not written, and then nothing is forwarded.
  'src/adapters/rule-versions.ts': one('a note that does not open is not believed: the author is not recorded'),
  'src/adapters/rule-authors.ts': one('which rules were taken could not be kept and is told to the log; the change is on record'),
  'src/adapters/write-owned.ts': one('thrown on, in words where another command was quicker'),
  'src/adapters/refusal-records.ts': several(2, 'the sum is kept and written with the next'),
  'src/adapters/audit-batch.ts': one(
    'only keeps a rejection that nobody awaits yet from ending the process; whoever awaits still gets it',
  ),
  'src/adapters/audit-directories.ts': several(
    4,
    'the next directory is tried; where none is left the failure is thrown on, and a directory that cannot be listed cannot be written either',
  ),
  'src/adapters/audit-index-schema.ts': several(2, 'an index that cannot be used is made anew; a busy one is thrown on'),
  'src/adapters/audit-index-worker.ts': several(
    2,
    'told to the gateway in words: the search fails, or the console says what is missing',
  ),
  'src/adapters/audit-index.ts': one('taken back whole and thrown on'),
  'src/adapters/audit-indexing.ts': one('thrown on; the next look begins anew'),
  'src/adapters/audit-head.ts': several(
    2,
    'the head is written later, and told to the log; lines verify without it up to the last one',
  ),
  'src/adapters/audit-lock.ts': several(
    6,
    'a lock that is held or cannot be taken is thrown on; an unreadable holder is no holder',
  ),
  'src/adapters/audit-log-file.ts': several(
    5,
    'records that wait are rejected and the log closes itself: 503 until it can write again',
  ),
  'src/adapters/audit-recover.ts': several(2, 'the next directory is tried, or the failure thrown on'),
  'src/adapters/audit-reserve.ts': several(2, 'thrown on, apart from a reserve that is not there'),
  'src/adapters/audit-segment.ts': several(
    5,
    'a segment that cannot be written or synced is given up, and its unconfirmed lines go to the next',
  ),
  'src/adapters/audit-signing.ts': several(2, 'a missing key is made, an unreadable one thrown on'),
  'src/adapters/audit-verify.ts': one('told as a flaw, or thrown on'),
  'src/adapters/audit-watch-thread.ts': one('told to the log; the finding is found again at the next start'),
  'src/adapters/audit-watch-worker.ts': one('told to the gateway, which says it on the console and in the log'),
  'src/adapters/audit-writer.ts': one('a descriptor that failed once is never used again'),
  // Stores: unavailable is unavailable, and never "not signed in" or "allowed".
  'src/adapters/budget-book.ts': several(
    5,
    'a budget that cannot be read refuses the person; one that cannot be written stays in memory and is tried again',
  ),
  'src/adapters/embedded-state.ts': one('closed and thrown on'),
  'src/adapters/express-session-store.ts': one('passed on: express answers with a fault'),
  'src/adapters/selection-book.ts': one('memory knows the selection; after a restart it is not relied upon'),
  'src/adapters/session-row.ts': one('a damaged row is no session'),
  'src/adapters/session-store-sqlite.ts': several(
    4,
    'an end holds in memory and is written again; a touch that was lost shortens a session; a new id that was not written is taken back',
  ),
  'src/adapters/state-db-worker.ts': several(6, 'rolled back or closed, and sent to the asker as its failure'),
  'src/adapters/sealer-file.ts': several(2, 'thrown on with what to do; a file that cannot be read again leaves the known keys'),
  'src/adapters/master-keys.ts': several(2, 'thrown on with what to do; a file that cannot be looked at is read, and that fails'),
  'src/adapters/replace-master-keys.ts': several(3, 'thrown on; the file is as it was'),
  'src/adapters/ehr-standings-sqlite.ts': several(
    2,
    'what cannot be written is tried again, and what cannot be opened is dropped: the person is signed on anew',
  ),
  'src/adapters/held-posts-sqlite.ts': several(
    3,
    'what cannot be opened is shown to nobody; what cannot be removed is out of reach and tried again; an end is known until a restart',
  ),
  'src/adapters/database-file.ts': one('closed and thrown on'),
  'src/adapters/device-book-sqlite.ts': one('a device that the disk did not take is forgotten again, and thrown on'),
  'src/adapters/disclosure-book-sqlite.ts': several(
    2,
    'words that do not open are told as missing, never guessed; what is owed stays owed without them',
  ),
  'src/adapters/disclosure-recorder.ts': one('what could not be recorded is thrown on, and the download does not leave'),
  'src/adapters/desk-people-sqlite.ts': one('a list for convenience keeps nobody out; told to the log'),
  'src/adapters/disk-watch.ts': one('a disk that cannot be looked at has no forecast; what is written there fails by itself'),
  'src/adapters/vault-file.ts': one('rolled back and thrown on'),
  'src/adapters/reseal.ts': several(2, 'what cannot be opened is left as it is, and counted; a failed transaction is thrown on'),
  // Backup and restore: no request goes through them; a failure leaves no file, or no directory, that could pass for whole.
  'src/adapters/backup-header.ts': one('no JSON: it is no backup'),
  'src/adapters/backup-keys.ts': one('no key of that kind: refused'),
  'src/adapters/backup-chunk.ts': one('a chunk that does not open is refused by whoever asked'),
  'src/adapters/backup-opening.ts': one('closed and thrown on'),
  'src/adapters/backup-manifest.ts': one('no JSON: it is no manifest'),
  'src/adapters/backup-audit-judge.ts': one('no key: the access record is refused'),
  'src/adapters/backup-audit.ts': one('thrown on with the name of the key'),
  'src/adapters/backup-stores.ts': one('thrown on with the name of the store'),
  'src/adapters/backup-leftovers.ts': one('a process that cannot be asked about counts as alive, and what it left stays'),
  'src/adapters/backup-write.ts': one('where links cannot be made the file is renamed, after another look that the name is free'),
  'src/adapters/restore-backup.ts': one('what was put together is removed, and the failure thrown on'),
  'src/adapters/restore-target.ts': several(
    3,
    'thrown on in words; a lock that cannot be asked is told as a place that is not empty',
  ),
  // The provider and the EHR.
  'src/adapters/identity-provider-openid.ts': several(
    3,
    'a refusal or a fault; a refresh that failed ends the session or keeps it for the grace time',
  ),
  'src/adapters/logout-token.ts': one('refused, or thrown on'),
  'src/adapters/provider-watch.ts': one('a look that failed; only silence counts as none, and several in a row are needed'),
  'src/sign-in/begin-sign-in.ts': one('a provider that is silent is told on a page with 503; everything else is thrown on'),
  'src/adapters/patient-file.ts': one('closes the file and throws on'),
  'src/adapters/patient-directory-sqlite.ts': one('a row that does not open names nobody'),
  'src/adapters/patient-import.ts': several(2, 'thrown on; the directory of before stays'),
  'src/adapters/state-db-beside.ts': one('the transaction is taken back, and the cause thrown on'),
  'src/adapters/patient-names-sqlite.ts': one('an id that does not open is not shown; its token is'),
  'src/adapters/patient-tokens-sqlite.ts': one('the record has its token; that its id is not kept is told to the log'),
  'src/core/patients/hide-ids.ts': one('what is quoted oddly is judged as it stands'),
  'src/core/policy/redact.ts': one('what cannot be decoded is judged as it stands'),
  'src/adapters/provider-discovery.ts': several(2, 'thrown on to whoever signs in; tried again meanwhile'),
  'src/adapters/provider-keys.ts': several(2, 'asked once more where the key is new, otherwise thrown on'),
  'src/adapters/ehr-client.ts': one('thrown on as a fault: the person is not signed on'),
  'src/adapters/upstream-undici.ts': one('the reply fails and never looks whole'),
};
