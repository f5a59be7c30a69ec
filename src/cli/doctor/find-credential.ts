// Finds what the doctor signs on with: what is stored for a person, what somebody gives in a file, or the account of the
// configuration. Marks nothing, and takes no import over.

import { storedCredential } from '../../adapters/stored-credential.ts';
import type { VaultListing } from '../../adapters/vault-file.ts';
import { listed } from '../../config/did-you-mean.ts';
import type { ApplicationSettings, RoleAccounts, Settings } from '../../config/settings.ts';
import { unreachable } from '../../core/unreachable.ts';
import type { EhrCredential } from '../../ehr-ports.ts';
import { asks } from '../../ehr/trial.ts';
import type { Sealer } from '../../ports.ts';
import { readPrivateFile } from '../private-file.ts';
import { UsageProblem } from '../usage-problem.ts';
import { findPerson } from '../vault/find-person.ts';
import { withVault } from '../vault/with-vault.ts';
import { unexamined } from './examination.ts';
import type { Examination } from './examination.ts';

export interface Asked {
  readonly as: string | null;
  readonly role: string | null;
  readonly username: string | null;
  readonly passwordFile: string | null;
  /** What the recipe asks beyond name and password → file. */
  readonly askFiles: ReadonlyMap<string, string>;
  readonly anyway: boolean;
}

/** `person` is their login name, as a recipe may send it; `source` says where the credential is from. */
export interface FoundCredential {
  readonly credential: EhrCredential;
  readonly person: string;
  readonly source: string;
}

const mostSecretBytes = 4096;

/** An examination where there is nothing to sign on with. Throws a UsageProblem where the options do not fit. */
export async function findCredential(
  settings: Settings,
  application: ApplicationSettings,
  asked: Asked,
): Promise<FoundCredential | Examination> {
  if (asked.username !== null) return givenCredential(application, asked, asked.username);
  if (asked.passwordFile !== null || asked.askFiles.size > 0) throw new UsageProblem('Option --username is missing');
  const { signOn } = application;
  switch (signOn.by) {
    case 'basic-own-password':
      return ofVault(settings, application, asked);
    case 'basic-account':
      return ofAccount(signOn, asked);
    case 'basic-roles':
      return ofRole(signOn.roles, asked);
    case 'recipe':
      if (signOn.account.of === 'own') return ofVault(settings, application, asked);
      return signOn.account.of === 'role' ? ofRole(signOn.account.roles, asked) : ofAccount(signOn.account, asked);
    case 'none':
    case 'header':
      throw new UsageProblem(untestable(application));
    default:
      return unreachable(signOn);
  }
}

/** What to say of an application that has no password to test. */
export function untestable({ name, signOn }: ApplicationSettings): string {
  const how = signOn.by === 'header' ? `by the header "${signOn.name}"` : 'not at all';
  return `Application "${name}" signs people on ${how}, so there is no recipe and no password to test`;
}

function givenCredential(application: ApplicationSettings, { as, passwordFile, askFiles, role }: Asked, username: string) {
  if (passwordFile === null)
    throw new UsageProblem('Option --password-file is missing; a password is never given on the command line');
  if (role !== null) throw new UsageProblem('Options --role and --username stand together, keep one');
  const { signOn } = application;
  const recipeAsks = signOn.by === 'recipe' ? signOn.recipe.asks : ['username', 'password'];
  const further = recipeAsks.filter((name) => name !== 'username' && name !== 'password');
  const missing = further.filter((name) => !askFiles.has(name));
  const [unknown] = [...askFiles.keys()].filter((name) => !further.includes(name));
  if (missing.length > 0)
    throw new UsageProblem(`The recipe asks for ${listed(missing, 'and')} too, write --ask-file ${missing[0]}=FILE`);
  if (unknown !== undefined)
    throw new UsageProblem(`The recipe does not ask for "${unknown}", it asks for ${listed(recipeAsks, 'and')}`);
  const more = Object.fromEntries([...askFiles].map(([name, file]) => [name, secretIn(file)]));
  const credential = { username, password: secretIn(passwordFile), more };
  return { credential, person: as ?? username, source: 'given on the command line' };
}

function secretIn(file: string): string {
  const secret = readPrivateFile(file, mostSecretBytes, 'then change what stands in it, because it may be known')
    .toString('utf8')
    .replace(/\r?\n$/, '');
  if (secret === '') throw new Error(`File "${file}" is empty`);
  return secret;
}

function ofVault(
  settings: Settings,
  application: ApplicationSettings,
  { as, role, anyway }: Asked,
): Promise<FoundCredential | Examination> {
  if (as === null) throw new UsageProblem('Option --as is missing, name the person by login name');
  if (role !== null) throw new UsageProblem(`Application "${application.name}" has no accounts for roles, delete --role`);
  return withVault(settings, async (vault, sealer) => {
    const found = findPerson(
      (await vault.list()).filter((one) => one.application === application.name),
      as,
    );
    if (found.found !== 'one') return unexamined('no-credential', found.why, storing(application));
    // As at a sign-on: what was imported is newer than what the person entered.
    const listing = found.listings.find(({ sub }) => sub === null) ?? found.listings[0];
    if (listing?.refused === true && !anyway) return markedRefused(as);
    if (listing === undefined) return unexamined('no-credential', `What was stored for "${as}" is gone`, storing(application));
    const credential = await opened(settings, sealer, listing);
    if (typeof credential === 'string') return unexamined('no-credential', credential, storing(application));
    return { credential, person: listing.name ?? as, source: describeListing(listing) };
  });
}

/** The credential, or why there is none. */
async function opened(settings: Settings, sealer: Sealer, listing: VaultListing): Promise<EhrCredential | string> {
  try {
    return (await storedCredential(settings, sealer, listing)) ?? 'What was stored has gone in this moment';
  } catch (cause) {
    return `What is stored cannot be opened: ${cause instanceof Error ? cause.message : String(cause)}`;
  }
}

function describeListing({ sub, refused }: VaultListing): string {
  if (sub === null) return 'imported, not used by its person yet';
  return refused ? 'stored, and marked as refused by the EHR' : 'stored';
}

function markedRefused(as: string): Examination {
  const says = `The EHR has refused what is stored for "${as}" before, so it was not tried: EHRs lock accounts`;
  return unexamined('marked-refused', says, 'store the right one, or try it all the same with --anyway');
}

function storing(application: ApplicationSettings): string {
  const more = (asks(application) ?? []).length > 2 ? ' and --ask-file' : '';
  return `import one ("wardgate vault import"), have the person enter it, or give one with --username, --password-file${more}`;
}

interface Account {
  readonly account: string;
  readonly password: string;
}

function ofAccount(account: Account, { as, role }: Asked): FoundCredential | Examination {
  if (role !== null) throw new UsageProblem('One account stands for everybody, delete --role');
  return accountCredential(account, as, 'the account for everybody');
}

function ofRole(roles: RoleAccounts, { as, role }: Asked): FoundCredential | Examination {
  const names = [...roles.keys()];
  if (role === null) throw new UsageProblem(`Option --role is missing, there are accounts for ${listed(names, 'and')}`);
  const account = roles.get(role);
  if (account === undefined)
    throw new UsageProblem(`Role "${role}" has no account, there are accounts for ${listed(names, 'and')}`);
  return accountCredential(account, as, `the account of role "${role}"`);
}

function accountCredential({ account, password }: Account, as: string | null, source: string): FoundCredential | Examination {
  const next = 'run this as the user that the gateway runs as, with its environment';
  if (password === '') return unexamined('no-credential', `The password of account "${account}" cannot be read here`, next);
  return { credential: { username: account, password, more: {} }, person: as ?? account, source };
}
