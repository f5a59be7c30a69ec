// Signs people on to an EHR by its recipe: once for each session of ours, by a page that is opened and never by a script,
// in one flight however many requests ask. A password that the EHR refused is never tried again; after the EHR has ended
// its session there is one try, and none after a logout.

import type { ApplicationSettings, SignOnSettings } from '../config/settings.ts';
import type { AuditEntry } from '../core/audit/entry.ts';
import { isEhrLogout } from '../core/ehr/logout-route.ts';
import { emptyJar } from '../core/ehr/jar.ts';
import type { Jar } from '../core/ehr/jar.ts';
import type { Verdict } from '../core/ehr/play-recipe.ts';
import { toldByEhr } from '../core/ehr/told-by-ehr.ts';
import { Fault } from '../core/faults.ts';
import { matchPattern } from '../core/policy/match-pattern.ts';
import { isMachine } from '../core/session/machine-session.ts';
import type { Caller } from '../core/session/machine-session.ts';
import { requestLine } from '../core/target/canonical-target.ts';
import { unreachable } from '../core/unreachable.ts';
import type { CredentialVault, EhrCredential, EhrEntered, EhrEntry, EhrSignOn, EhrStanding, EhrStandings, TrialResult } from '../ehr-ports.ts'; // prettier-ignore
import type { MachineRegister } from '../machine-ports.ts';
import type { Soon } from '../ports.ts';
import type { SharedTurns } from '../shared-ports.ts';
import { describeVerdict } from './describe-verdict.ts';
import { goesInCircles } from './goes-in-circles.ts';
import { landingAfter } from './landing-after.ts';
import { landingCookies, splitJar } from './landing-cookies.ts';
import { playOnce } from './play-once.ts';
import type { Played, Player, PlayOnceNeeds } from './play-once.ts';
import { recipeTarget } from './recipe-target.ts';
import { SignOnCredentials } from './sign-on-credentials.ts';

export interface RecipeSignOnNeeds extends PlayOnceNeeds {
  readonly application: ApplicationSettings;
  readonly signOn: Extract<SignOnSettings, { readonly by: 'recipe' }>;
  readonly standings: EhrStandings;
  readonly vault: CredentialVault;
  readonly machines: Pick<MachineRegister, 'account'>;
  /** Of all gateways. */
  readonly turns: SharedTurns;
  /** The EHR's session now belongs to this one, and carries no patient yet. */
  readonly learn: (session: Caller, application: ApplicationSettings, requestId: string, jar: Jar) => Soon<void>;
  /** Tells the EHR that a session there is over; nobody waits for it. */
  readonly logOut: (application: string, standing: Pick<EhrStanding, 'standing' | 'jar'>) => void;
  /** Writes the record of a sign-on and resolves when it is durable; rejects with Fault `audit-unavailable`. */
  readonly record: (session: Caller, where: Where, fields: Partial<AuditEntry>) => Promise<void>;
}

export type Where = Place & { readonly application: string };

type Place = Pick<EhrEntry, 'requestId' | 'address'>;

/** Longer than a recipe can take whose EHR answers each request at the last moment; and how long others wait for it. */
const turnTimes = { waitMilliseconds: 60_000, holdMilliseconds: 600_000 };

export class RecipeSignOn implements EhrSignOn {
  readonly #needs: RecipeSignOnNeeds;
  /** By session reference: several requests of one session wait for one sign-on. */
  readonly #flights = new Map<string, Promise<EhrEntered>>();

  readonly #credentials: SignOnCredentials;

  constructor(needs: RecipeSignOnNeeds) {
    this.#needs = needs;
    this.#credentials = new SignOnCredentials(needs);
  }

  enter(entry: EhrEntry): Soon<EhrEntered> {
    if (entry.session.passAuthorization === true) return { entered: 'yes', headers: [], standing: null };
    const held = this.#standingOf(entry.session);
    return held instanceof Promise
      ? held.then(async (standing) => this.#enterFrom(entry, standing))
      : this.#enterFrom(entry, held);
  }

  #enterFrom(entry: EhrEntry, standing: EhrStanding | null): Soon<EhrEntered> {
    const { signOn, clock } = this.#needs;
    if (standing?.standing === 'signed-on') return { entered: 'yes', headers: [], standing };
    // Who logs out has no use for a sign-on first.
    if (isEhrLogout(signOn.recipe, entry.method, entry.target, this.#needs.application.parameters))
      return { entered: 'yes', headers: [], standing };
    if (standing?.standing === 'changing-password') return this.#whileChanging(entry, standing);
    // A machine opens no pages, so that whatever it asks first signs it on.
    if (!isMachine(entry.session) && (entry.shape !== 'page' || entry.method !== 'GET')) return { entered: 'ended' };
    if (standing !== null && goesInCircles(standing, clock.now())) return { entered: 'ended' };
    return this.#oneFlight(entry);
  }

  /** Tries a credential that is not stored; what succeeds opens the session's standing. Whoever asks for it records it. */
  async try(session: Caller, credential: EhrCredential, address: string): Promise<TrialResult> {
    // In its turn, so that no other gateway signs the same session on at this moment.
    return this.#inTurn(session, async () => this.#try(session, credential, address));
  }

  async #try(session: Caller, credential: EhrCredential, address: string): Promise<TrialResult> {
    const where = { requestId: '', address };
    const played = await this.#play({ session, credential, address, onLost: () => Promise.resolve() });
    if (typeof played === 'number') return { trial: 'paused', retryAfterSeconds: played };
    const { verdict } = played;
    switch (verdict.kind) {
      case 'signed-on':
        return {
          trial: 'signed-on',
          location: this.#landingOfTrial(verdict.location),
          cookies: (await this.#open(session, where, verdict.jar, credential)) ?? [],
        };
      case 'refused':
        return { trial: 'refused' };
      case 'password-change':
        await this.#openForChange(session, verdict);
        return { trial: 'password-change', page: verdict.page };
      case 'unrecognised':
        return { trial: 'unrecognised', status: verdict.status, told: verdict.told };
      case 'broken':
        return { trial: 'unrecognised', status: 0, told: verdict.why };
      default:
        return unreachable(verdict);
    }
  }

  /** Ends what a trial opened, here and at the EHR: what cannot be recorded did not happen. */
  async leave(session: Caller): Promise<void> {
    const held = this.#needs.standings.get(session, this.#needs.application.name);
    if (held !== null) await this.#end(session, held);
  }

  /** Whoever has another role now has another account, and goes on in nothing that the one before has opened. */
  #standingOf(session: Caller): Soon<EhrStanding | null> {
    const current = this.#needs.standings.current(session, this.#needs.application.name);
    const kept = (held: EhrStanding | null): Soon<EhrStanding | null> =>
      held === null || held.standing === 'ended' || held.account === this.#credentials.accountOf(session)?.account
        ? held
        : this.#end(session, held);
    return current instanceof Promise ? current.then(kept) : kept(current);
  }

  #end(session: Caller, held: EhrStanding): Soon<EhrStanding> {
    const { standings, application, logOut } = this.#needs;
    const left: EhrStanding = { generation: held.generation, standing: 'ended', jar: emptyJar, signedOnAt: 0 };
    const put = standings.put(session, application.name, left);
    logOut(application.name, held);
    return put instanceof Promise ? put.then(() => left) : left;
  }

  #whileChanging({ target }: EhrEntry, standing: EhrStanding): EhrEntered {
    const open = this.#needs.signOn.recipe.passwordChange?.open ?? [];
    if (open.some((pattern) => matchPattern(pattern, target.segments, null) !== null))
      return { entered: 'yes', headers: [], standing };
    return { entered: 'password-change', page: standing.passwordPage ?? '/' };
  }

  #oneFlight(entry: EhrEntry): Promise<EhrEntered> {
    const { reference } = entry.session;
    const flight = this.#flights.get(reference);
    if (flight) return flight.then((entered) => this.#afterOther(entry, entered));
    const begun = this.#inTurn(entry.session, async () => this.#signOnStill(entry)).finally(() =>
      this.#flights.delete(reference),
    );
    this.#flights.set(reference, begun);
    return begun;
  }

  /** One gateway at a time. A machine has a session at the EHR for each gateway, and waits for none. */
  async #inTurn<T>(session: Caller, work: () => Promise<T>): Promise<T> {
    if (isMachine(session)) return work();
    return this.#needs.turns.run(`sign-on ${session.reference} ${this.#needs.application.name}`, work, turnTimes);
  }

  /** Unless another gateway has done it while this one waited for its turn. */
  async #signOnStill(entry: EhrEntry): Promise<EhrEntered> {
    const now = await this.#standingOf(entry.session);
    if (now?.standing === 'signed-on') return { entered: 'yes', headers: [], standing: now };
    if (now?.standing === 'changing-password') return this.#whileChanging(entry, now);
    if (now !== null && goesInCircles(now, this.#needs.clock.now())) return { entered: 'ended' };
    return this.#signOn(entry);
  }

  /** Whoever waited for another request's sign-on goes where they wanted: the landing may be used once only. */
  #afterOther({ session }: EhrEntry, entered: EhrEntered): EhrEntered {
    return entered.entered === 'landing' ? this.#goOn(session) : entered;
  }

  /** In the session that was just opened; the session of ours may have ended meanwhile, and then there is none. */
  #goOn(session: Caller): EhrEntered {
    const standing = this.#needs.standings.get(session, this.#needs.application.name);
    return standing?.standing === 'signed-on' ? { entered: 'yes', headers: [], standing } : { entered: 'ended' };
  }

  async #signOn(entry: EhrEntry): Promise<EhrEntered> {
    const found = await this.#credentials.find(entry.session);
    if (found === 'account-refused') return refusedAccount;
    if ('entered' in found) return found;
    const played = await this.#play({ ...entry, credential: found, onLost: (cause) => this.#recordLost(entry, cause) });
    if (typeof played === 'number') return { entered: 'paused', retryAfterSeconds: played };
    const { verdict } = played;
    // Before anything that may fail: a password that the EHR refused is never tried again.
    if (played.mayBeRefused) await this.#credentials.refuse(entry.session, found);
    await this.#record(entry, verdict);
    if (verdict.kind === 'signed-on')
      return this.#landed(entry, await this.#open(entry.session, entry, verdict.jar, found), verdict.location);
    // What the EHR says of an account that is not theirs is for the doctor, and for nobody else.
    if (!this.#credentials.isOwn(entry.session)) return refusedAccount;
    switch (verdict.kind) {
      case 'refused':
        return { entered: 'credential-needed', refused: true };
      case 'password-change':
        await this.#openForChange(entry.session, verdict);
        return { entered: 'password-change', page: verdict.page };
      case 'unrecognised':
        return {
          entered: 'unrecognised',
          status: verdict.status,
          told: toldByEhr(verdict.told, [found.password, ...Object.values(found.more)]),
        };
      case 'broken':
        return { entered: 'unrecognised', status: 0, told: verdict.why };
      default:
        return unreachable(verdict);
    }
  }

  #play(player: Player): Promise<Played | number> {
    const { application, signOn } = this.#needs;
    return playOnce(this.#needs, recipeTarget(application, signOn), player);
  }

  /** What cannot be recorded did not happen: the session that the EHR has just opened is closed again. */
  async #record(entry: EhrEntry, verdict: Verdict): Promise<void> {
    const { application, record, logOut } = this.#needs;
    let isRecorded = false;
    try {
      await record(entry.session, { ...entry, application: application.name }, describeVerdict(verdict));
      isRecorded = true;
    } finally {
      if (!isRecorded && 'jar' in verdict) logOut(application.name, { standing: 'signed-on', jar: verdict.jar });
    }
  }

  /** The EHR may have counted a failure that nobody heard of. */
  async #recordLost(entry: EhrEntry, cause: unknown): Promise<void> {
    const { application, record } = this.#needs;
    const reason = cause instanceof Fault ? cause.code : 'internal';
    const detail = 'broke off after the password was sent';
    await record(entry.session, { ...entry, application: application.name }, { decision: 'refused', reason, detail });
  }

  /** Returns the cookies that the browser is given; null where the session of ours has ended, and with it that of the EHR. */
  async #open(session: Caller, where: Place, jar: Jar, { username }: EhrCredential): Promise<readonly string[] | null> {
    const { standings, application, clock, learn, signOn, logOut } = this.#needs;
    const { kept, passed } = splitJar(application, jar);
    const before = standings.get(session, application.name);
    const generation = (before?.generation ?? 0) + 1;
    const account = this.#credentials.accountOf(session)?.account;
    const times = { signedOnAt: clock.now(), ...(before === null ? {} : { signedOnBefore: before.signedOnAt }) };
    const opened: EhrStanding = { generation, standing: 'signed-on', jar: kept, ...times };
    const put = standings.put(session, application.name, account === undefined ? opened : { ...opened, account });
    if (before !== null) logOut(application.name, before);
    await put;
    const now = standings.get(session, application.name);
    if (now?.generation !== generation || now.signedOnAt !== opened.signedOnAt) {
      logOut(application.name, opened);
      return null;
    }
    await learn(session, application, where.requestId, kept);
    const values = new Map([...signOn.values, ['name', session.subject.name], ['username', username]]);
    return landingCookies(application, values, passed);
  }

  #openForChange(session: Caller, { jar, page }: Extract<Verdict, { kind: 'password-change' }>): Soon<void> {
    const { standings, application, clock } = this.#needs;
    const generation = (standings.get(session, application.name)?.generation ?? 0) + 1;
    const standing = { generation, standing: 'changing-password', jar, signedOnAt: clock.now(), passwordPage: page } as const;
    return standings.put(session, application.name, standing);
  }

  #landed({ session, target }: EhrEntry, cookies: readonly string[] | null, location: string | null): EhrEntered {
    if (cookies === null) return { entered: 'ended' };
    const requested = requestLine(target);
    const landing = landingAfter(this.#needs.signOn.recipe, location, requested);
    if (!isMachine(session) && (landing !== requested || cookies.length > 0))
      return { entered: 'landing', location: landing, cookies };
    return this.#goOn(session);
  }

  /** Null: the person goes back to where the password was asked for. */
  #landingOfTrial(location: string | null): string | null {
    const { landing } = this.#needs.signOn.recipe;
    return landing.to === 'requested' ? null : landingAfter(this.#needs.signOn.recipe, location, '/');
  }
}

const refusedAccount: EhrEntered = {
  entered: 'unrecognised',
  status: 0,
  told: 'The EHR does not accept the account that is set up',
};
