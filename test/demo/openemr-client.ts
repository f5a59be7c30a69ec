// Logging in to the stand-in for OpenEMR as its own form does.

import type { CookieClient } from './cookie-client.ts';

const LOGIN = '/openemr/interface/main/main_screen.php?auth=login&site=default';

/** The answer of the login itself; `more` are further fields of the form. */
export function logIn(
  client: CookieClient,
  authUser: string,
  clearPass = `meadow-${authUser}`,
  more: Readonly<Record<string, string>> = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const fields = {
    new_login_session_management: '1',
    authProvider: 'Default',
    languageChoice: '1',
    authUser,
    clearPass,
    ...more,
  };
  return client.fetch(LOGIN, { method: 'POST', body: new URLSearchParams(fields), headers: { ...headers } });
}

/** Logs in and opens the page it leads to. */
export async function openMain(client: CookieClient, user: string, password?: string): Promise<Response> {
  const reply = await logIn(client, user, password);
  return client.fetch(reply.headers.get('location') ?? '');
}
