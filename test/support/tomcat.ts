// A real Tomcat from its package with its examples, on a free loopback port and a base directory of its own. It is ended by
// its process id. Everything it was asked stands in its access log, with the request id that the gateway gave it.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../src/demo/free-port.ts';

export const tomcatAccount = { name: 'wardgate', password: 'tomcat-s3cret' };

/** One request as Tomcat's access log tells it, as it came. */
export interface ServedRequest {
  readonly requestId: string;
  readonly method: string;
  readonly path: string;
  /** With its question mark; `-` where there was none. */
  readonly query: string;
  readonly status: number;
}

export interface Tomcat {
  readonly origin: string;
  readonly port: number;
  /** Every request that it has answered so far, whoever sent it. */
  readonly served: () => readonly ServedRequest[];
  readonly close: () => Promise<void>;
}

export interface TomcatOptions {
  /** Session ids in cookies alone, never in addresses; both where absent, as Tomcat does by itself. */
  readonly cookiesOnly?: boolean;
  /** That of one that was ended, for one that takes its place; a free one otherwise. */
  readonly port?: number;
  /** Those who may see the protected page, name and password; `tomcatAccount` alone otherwise. */
  readonly accounts?: readonly { readonly name: string; readonly password: string }[];
}

// The first compiler is enough for a minute of life, and nobody reads the log.
const javaOptions = '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx256m -Djava.awt.headless=true';

/** Starts Tomcat from the home directory of its package. Throws what it said when it does not come up. */
export async function startTomcat(home: string, options: TomcatOptions = {}): Promise<Tomcat> {
  const examples = `${home}-examples/examples`;
  if (!existsSync(examples)) throw new Error(`Cannot find "${examples}": install tomcat10-examples`);
  const directory = mkdtempSync(join(tmpdir(), 'wardgate-tomcat-'));
  const port = options.port ?? (await freePort());
  writeBase(directory, home, usersXml(options.accounts ?? [tomcatAccount]));
  const conf = join(directory, 'conf');
  writeFileSync(join(conf, 'server.xml'), serverXml(port));
  writeFileSync(join(conf, 'web.xml'), webXml(options.cookiesOnly === true));
  writeFileSync(join(conf, 'Catalina', 'localhost', 'examples.xml'), contextXml(examples));
  const child = spawn(join(home, 'bin', 'catalina.sh'), ['run'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: directory,
    env: { ...process.env, CATALINA_HOME: home, CATALINA_BASE: directory, CATALINA_OPTS: javaOptions },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const close = async (): Promise<void> => {
    // Nothing is kept, so it need not take leave.
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
    rmSync(directory, { recursive: true, force: true });
  };
  const origin = `http://127.0.0.1:${port}`;
  try {
    await up(`${origin}/examples/index.html`, () => child.exitCode !== null);
  } catch (cause) {
    await close();
    throw new Error(`Tomcat did not come up: ${said.slice(-3000)}`, { cause });
  }
  return { origin, port, served: () => readAccessLog(join(directory, 'logs')), close };
}

function writeBase(directory: string, home: string, users: string): void {
  for (const folder of ['logs', 'temp', 'work', 'webapps', 'conf/Catalina/localhost']) {
    mkdirSync(join(directory, folder), { recursive: true });
  }
  const conf = join(directory, 'conf');
  // Which jars hold nothing to look for is the package's own knowledge, and half of the start-up time.
  writeFileSync(join(conf, 'catalina.properties'), readFileSync(join(home, 'etc', 'catalina.properties')));
  writeFileSync(join(conf, 'tomcat-users.xml'), users);
}

/** As the package has it, on loopback alone, without the shutdown port and without looking for other applications. */
function serverXml(port: number): string {
  return `<Server port="-1" shutdown="none">
  <Service name="Catalina">
    <Connector port="${port}" address="127.0.0.1" protocol="HTTP/1.1" connectionTimeout="20000" maxParameterCount="1000"/>
    <Engine name="Catalina" defaultHost="localhost">
      <Realm className="org.apache.catalina.realm.MemoryRealm" pathname="conf/tomcat-users.xml"/>
      <Host name="localhost" appBase="webapps" unpackWARs="false" autoDeploy="false">
        <Valve className="org.apache.catalina.valves.AccessLogValve" directory="logs" prefix="access" suffix=".log"
               buffered="false" pattern="%{x-request-id}i %m %s %U %q"/>
      </Host>
    </Engine>
  </Service>
</Server>
`;
}

// What every application gets; the package's own file spells out a thousand media types, which takes a while to read.
function webXml(cookiesOnly: boolean): string {
  const session = cookiesOnly ? '<session-config><tracking-mode>COOKIE</tracking-mode></session-config>' : '';
  return `<web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
  <servlet>
    <servlet-name>default</servlet-name>
    <servlet-class>org.apache.catalina.servlets.DefaultServlet</servlet-class>
    <load-on-startup>1</load-on-startup>
  </servlet>
  <servlet>
    <servlet-name>jsp</servlet-name>
    <servlet-class>org.apache.jasper.servlet.JspServlet</servlet-class>
    <init-param><param-name>xpoweredBy</param-name><param-value>false</param-value></init-param>
    <load-on-startup>3</load-on-startup>
  </servlet>
  <servlet-mapping><servlet-name>default</servlet-name><url-pattern>/</url-pattern></servlet-mapping>
  <servlet-mapping><servlet-name>jsp</servlet-name><url-pattern>*.jsp</url-pattern></servlet-mapping>
  <servlet-mapping><servlet-name>jsp</servlet-name><url-pattern>*.jspx</url-pattern></servlet-mapping>
  ${session}
  <mime-mapping><extension>html</extension><mime-type>text/html</mime-type></mime-mapping>
  <mime-mapping><extension>gif</extension><mime-type>image/gif</mime-type></mime-mapping>
  <welcome-file-list><welcome-file>index.html</welcome-file><welcome-file>index.jsp</welcome-file></welcome-file-list>
</web-app>
`;
}

function usersXml(accounts: NonNullable<TomcatOptions['accounts']>): string {
  const users = accounts.map(({ name, password }) => `<user username="${name}" password="${password}" roles="tomcat,role1"/>`);
  return `<tomcat-users>
  <role rolename="tomcat"/>
  <role rolename="role1"/>
  ${users.join('\n  ')}
</tomcat-users>
`;
}

function contextXml(examples: string): string {
  return `<Context docBase="${examples}">
  <Resources allowLinking="true"/>
  <CookieProcessor className="org.apache.tomcat.util.http.Rfc6265CookieProcessor" sameSiteCookies="strict"/>
</Context>
`;
}

async function up(address: string, gone: () => boolean): Promise<void> {
  const until = performance.now() + 40_000;
  for (;;) {
    const answer = await fetch(address, { headers: { connection: 'close' } }).catch(() => null);
    await answer?.arrayBuffer();
    if (answer?.status === 200) return;
    if (gone() || performance.now() > until) throw new Error('It does not answer');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function readAccessLog(directory: string): readonly ServedRequest[] {
  const files = readdirSync(directory).filter((name) => name.startsWith('access')).sort(); // prettier-ignore
  const lines = files.flatMap((name) => readFileSync(join(directory, name), 'latin1').split('\n'));
  return lines
    .filter((line) => line !== '')
    .map((line) => {
      const [requestId = '', method = '', status = '', path = '', query = ''] = line.split(' ');
      return { requestId, method, status: Number(status), path, query };
    });
}
