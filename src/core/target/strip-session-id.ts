// Takes the session id out of an address in which a servlet container has put it (`;jsessionid=…`, Servlet 6.0 section
// 7.1.3), for an EHR whose session the gateway keeps: there it names nobody, and an id of somebody else must not pass.

const sessionId = /;jsessionid=[A-Za-z0-9._!~-]{1,256}(?=\?|$)/i;

/** The target as received, without a session id at the end of its path. Anything else behind a `;` stays, to be refused. */
export function stripSessionId(raw: string): string {
  const question = raw.indexOf('?');
  const path = question === -1 ? raw : raw.slice(0, question);
  return path.includes(';') ? path.replace(sessionId, '') + raw.slice(path.length) : raw;
}
