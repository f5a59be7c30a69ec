// What people see of the demo's provider: a list of personas to be, the authenticator app's stand-in, and the pages on the
// way out. Calm and small; only the page that ends a session carries a script, which sends its one form.

import { createHash } from 'node:crypto';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { Markup, markup } from '../markup.ts';
import type { DemoPersona } from '../personas.ts';

const style = new Markup(`
:root { color-scheme: light; }
body { margin: 0; padding: 6vh 16px 40px; background: #eef2f1; color: #1f2d2b; font: 16px/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
main { max-width: 560px; margin: 0 auto; background: #fff; border: 1px solid #d5dedb; border-radius: 10px; padding: 28px 32px; }
h1 { font-size: 22px; font-weight: 600; margin: 0 0 4px; } p { margin: 0 0 18px; color: #53645f; }
main.wide { max-width: 780px; } .choices { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(300px, 100%), 1fr)); gap: 10px; }
form { margin: 0; display: grid; }
button { width: 100%; text-align: left; font: inherit; color: inherit; background: #f6f9f8; border: 1px solid #d5dedb; border-radius: 8px; padding: 9px 14px; cursor: pointer; }
button:hover, button:focus-visible { background: #e3efeb; border-color: #6fa294; outline: none; }
button b { font-weight: 600; } button span { display: block; font-size: 14px; color: #53645f; }
table { width: 100%; border-collapse: collapse; } td { padding: 8px 0; border-bottom: 1px solid #e6ecea; } tr:last-child td { border-bottom: 0; }
td:last-child { text-align: right; font: 600 22px/1.3 ui-monospace, "DejaVu Sans Mono", monospace; letter-spacing: 2px; }
td span { display: block; font-size: 14px; color: #53645f; }
code { font-family: ui-monospace, "DejaVu Sans Mono", monospace; }
`);

const submitScript = `document.addEventListener('DOMContentLoaded', function () { document.forms[0].submit(); });`;

/** The policy for the one page with a script names that script and nothing else. */
const submitScriptHash = createHash('sha256').update(submitScript).digest('base64');

function page(title: string, body: Markup, head: Markup | null = null, kind = ''): Markup {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
${head}</head>
<body>
<main class="${kind}">
${body}
</main>
</body>
</html>
`;
}

/** One button for each persona; the page works without a script. */
export function personaPage(uid: string, personas: readonly DemoPersona[]): string {
  const buttons = personas.map(
    (one) => markup`<form method="post" action="/interaction/${uid}"><button name="persona" value="${one.name}">
<b>${one.displayName}</b> <code>${one.name}</code><span>${one.mayDo}</span></button></form>\n`,
  );
  const heading = markup`<h1>Who are you today?</h1><p>This is the demo's identity provider. Nobody here has a password.</p>`;
  return page('Sign in', markup`${heading}<div class="choices">${buttons}</div>`, null, 'wide').text;
}

/** The page asks for itself again often enough to count down and when the codes change. */
export function authenticatorPage(
  codes: readonly { readonly persona: DemoPersona; readonly code: string }[],
  secondsLeft: number,
): string {
  const rows = codes.map(
    ({ persona, code }) => markup`<tr><td>${persona.displayName}<span>${persona.name}</span></td><td>${code}</td></tr>\n`,
  );
  const seconds = secondsLeft === 1 ? 'second' : 'seconds';
  return page(
    'Authenticator',
    markup`<h1>Authenticator</h1><p>The demo's authenticator app. New codes in ${secondsLeft} ${seconds}.</p><table>${rows}</table>`,
    markup`<meta http-equiv="refresh" content="${Math.min(secondsLeft, REFRESH_SECONDS)}">\n`,
  ).text;
}

/** How often the page counts down. */
const REFRESH_SECONDS = 5;

/** Ends the session without a question: the person has already asked for it at the clinic's address. */
export function loggingOutPage(context: KoaContextWithOIDC, form: string): void {
  const body = markup`<h1>Signing out</h1>${new Markup(form)}
<button type="submit" form="op.logoutForm">Continue</button>`;
  const withAnswer = body.text.replace('</form>', '<input type="hidden" name="logout" value="yes"></form>');
  context.type = 'html';
  context.set(
    'Content-Security-Policy',
    `default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-${submitScriptHash}'`,
  );
  context.body = page('Signing out', new Markup(withAnswer), markup`<script>${new Markup(submitScript)}</script>\n`).text;
}

export function loggedOutPage(context: KoaContextWithOIDC): void {
  context.type = 'html';
  context.body = page('Signed out', markup`<h1>Signed out</h1><p>You may close this page.</p>`).text;
}

export function errorPage(context: KoaContextWithOIDC, out: { error: string; error_description?: string | undefined }): void {
  context.type = 'html';
  context.body = noticePage('The sign-in cannot go on', `${out.error}: ${out.error_description ?? 'no description'}`);
}

export function noticePage(title: string, text: string): string {
  return page(title, markup`<h1>${title}</h1><p>${text}</p>`).text;
}
