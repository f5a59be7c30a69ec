// nginx as a bare proxy: one worker, connections to the EHR kept, an access log. It asks nobody who they are.

import type { Peer } from '../peer.ts';

export const nginxBare: Peer = {
  key: 'nginx-bare',
  name: 'nginx, bare proxy',
  authenticates: false,
  needs: ['nginx'],
  start: ({ directory, port, upstream, write }) => ({
    program: 'nginx',
    args: ['-p', directory, '-e', 'error.log', '-c', write('nginx.conf', nginxConfiguration(port, upstream))],
  }),
};

/** `inServer` and `inLocation` are further directives. */
export function nginxConfiguration(port: number, upstream: number, inServer = '', inLocation = ''): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${kind};`);
  return `worker_processes 1;
daemon off;
pid nginx.pid;
error_log error.log;
events { worker_connections 1024; }
http {
  ${temporary.join(' ')}
  access_log access.log combined;
  upstream ehr { server 127.0.0.1:${upstream}; keepalive 256; }
  server {
    listen 127.0.0.1:${port};
    keepalive_requests 100000000;
    ${inServer}
    location / {
      ${inLocation}
      proxy_pass http://ehr;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
    }
  }
}
`;
}
