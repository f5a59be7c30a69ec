// The spellings by which somebody might ask a Java server for a protected page of its examples, with what Tomcat itself does
// on hearing them: the page, or something else. They are checked against Tomcat before the gateway is asked.

export interface TomcatWay {
  readonly target: string;
  /** Whether Tomcat, asked without a gateway, answers as the protected page does. */
  readonly opens: boolean;
  /** `plain` goes to whoever may see the page, `malformed` to nobody, `capitals` is an address that no rule can judge. */
  readonly kind: 'plain' | 'malformed' | 'capitals';
}

/** The page that only the physician may see, and that Tomcat asks a password for. */
export const securedPage = '/examples/jsp/security/protected/index.jsp';

const page = '/security/protected/index.jsp';

const plain = [
  securedPage,
  `${securedPage}?`,
  `${securedPage}?x=/examples/images/a.gif`,
  '/examples/jsp/security/protected/%69ndex.jsp',
  '/examples/%6asp/%73ecurity/protected/index.jsp',
  '/examples/jsp/security/protected/index%2ejsp',
  '/examples/jsp/security/protected/index.jsp/',
  '/examples/jsp/security/protected/index.jsp/a.gif',
  '/examples/jsp/security/protected/',
  '/examples/jsp/security/protected',
  '/examples/jsp/security/protected/a.css',
  '/examples/jsp/security/protected/index.JSP',
];

const opening = [
  `/examples/images/..;/jsp${page}`, `/examples/images/..;x=y/jsp${page}`, `/examples/images/%2e%2e;/jsp${page}`, `/examples/images/a;/..;/..;/jsp${page}`,
  `/examples/images/../jsp${page}`, `/examples/images/%2e%2e/jsp${page}`, `/examples/images/.%2E/jsp${page}`, `/examples/servlets/../jsp${page}`,
  `/examples/jsp/images/..;/security/protected/index.jsp`, `/examples/servlets/;/../jsp${page}`,
  `/examples/jsp;x=y${page}`, `/examples/jsp;${page}`, `/examples;x/jsp${page}`, `/;/examples/jsp${page}`, `/examples/;x=.css/jsp${page}`,
  `${securedPage};`, `${securedPage};x=y`, `${securedPage};x=.css`, `${securedPage};x=.css?a=b`, `${securedPage};jsessionid=FOREIGN`,
  `/examples/jsp;jsessionid=FOREIGN${page}`, `/examples;jsessionid=FOREIGN/images/..;/jsp${page}`,
  `//examples/jsp${page}`, `/examples//jsp${page}`, `/examples/jsp/${page}`, `/examples/jsp/security/protected//index.jsp`,
  `/./examples/jsp${page}`, `/examples/./jsp${page}`, `/examples/jsp/.${page}`, `/examples/jsp/%2e${page}`,
  `http://localhost/examples/jsp${page}`,
  `${securedPage}%20`, `${securedPage}.`, `${securedPage}%3b.css`, `${securedPage}%3Fa.css`, `${securedPage}%23`, `${securedPage}%0d%0aX:%20y`, `${securedPage}%09`,
]; // prettier-ignore

const closed = [
  `/examples/images/..%2Fjsp${page}`, `/examples/images%2F..%2Fjsp${page}`, `/examples/jsp%2fsecurity/protected/index.jsp`, `/examples%2Fjsp${page}`,
  `/examples/jsp\\security\\protected\\index.jsp`, `/examples/images\\..\\jsp${page}`, `/examples/images/..%5cjsp${page}`, `/examples/jsp%5Csecurity/protected/index.jsp`,
  `/examples/images/%252e%252e/jsp${page}`, `/examples/jsp/%2573ecurity/protected/index.jsp`, `/examples/images/..%252fjsp${page}`,
  `/examples/images/%c0%ae%c0%ae/jsp${page}`, `/examples/images/%e0%80%ae%e0%80%ae/jsp${page}`, `/examples/images/..%c0%afjsp${page}`, `/examples/jsp%c1%9csecurity/protected/index.jsp`,
  `/examples/images/%uff0e%uff0e/jsp${page}`, `/examples/jsp%ef%bc%8fsecurity/protected/index.jsp`, `/examples/images/\u00c0\u00ae\u00c0\u00ae/jsp${page}`,
  `${securedPage}%00.css`, `${securedPage}%00`, `${securedPage}#a.css`, `${securedPage}%`, `${securedPage}%zz`,
  `/examples/../examples/jsp${page}/..%00`, `examples/jsp${page}`, `*`, `http://evil.test/examples/images/..;/jsp${page}`,
]; // prettier-ignore

// File names know their capitals here; a server that forgets them would open the page.
const capitals = [
  `/EXAMPLES/jsp${page}`,
  `/examples/JSP${page}`,
  `/examples/jsp/Security/protected/index.jsp`,
  `/examples/jsp/SECURITY/PROTECTED/INDEX.JSP`,
  `/examples/jsp/%53ecurity/protected/index.jsp`,
];

export const tomcatWays: readonly TomcatWay[] = [
  ...plain.map((target) => ({ target, opens: true, kind: 'plain' as const })),
  ...opening.map((target) => ({ target, opens: true, kind: 'malformed' as const })),
  ...closed.map((target) => ({ target, opens: false, kind: 'malformed' as const })),
  ...capitals.map((target) => ({ target, opens: false, kind: 'capitals' as const })),
];
