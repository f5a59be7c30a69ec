// Apache as it stands in every variant of it here: event MPM, one process with 32 threads, connections to the EHR kept, an
// access log in the combined format.

import type { Ground, Run } from '../peer.ts';

const modules = '/usr/lib/apache2/modules';
/** Of the workers, who must not be root; they need nothing that is not read before. */
const nobody = 65_534;

/** What every variant needs, and with a module what that one does. */
export function apacheNeeds(...more: readonly string[]): readonly string[] {
  return ['apache2', ...['mpm_event', 'proxy_http', ...more].map(moduleFile)];
}

/** `more` are further modules, `directives` what they are told. */
export function apache({ directory, port, upstream, write }: Ground, more: readonly string[] = [], directives = ''): Run {
  const loaded = ['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'proxy', 'proxy_http', ...more];
  const text = `ServerRoot ${directory}
ServerName localhost
Listen 127.0.0.1:${port}
PidFile apache.pid
DefaultRuntimeDir ${directory}
${process.getuid?.() === 0 ? `${loadModule('unixd')}User #${nobody}\nGroup #${nobody}` : ''}
${loaded.map(loadModule).join('')}
ErrorLog error.log
LogFormat "%h %l %u %t \\"%r\\" %>s %O \\"%{Referer}i\\" \\"%{User-Agent}i\\"" combined
CustomLog access.log combined
StartServers 1
ServerLimit 1
ThreadsPerChild 32
MaxRequestWorkers 32
MinSpareThreads 1
MaxSpareThreads 32
MaxConnectionsPerChild 0
AsyncRequestWorkerFactor 8
KeepAlive On
KeepAliveTimeout 60
MaxKeepAliveRequests 0
ProxyPass / http://127.0.0.1:${upstream}/
${directives}
`;
  return { program: 'apache2', args: ['-D', 'FOREGROUND', '-f', write('apache.conf', text)] };
}

function moduleFile(name: string): string {
  return `${modules}/mod_${name}.so`;
}

/** Debian builds some of them into the program. */
function loadModule(name: string): string {
  return `<IfModule !mod_${name}.c>\n  LoadModule ${name}_module ${moduleFile(name)}\n</IfModule>\n`;
}
