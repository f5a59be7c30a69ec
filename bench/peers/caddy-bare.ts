// Caddy as a bare proxy: one core for its scheduler, an access log. It asks nobody who they are.

import type { Peer } from '../peer.ts';

export const caddyBare: Peer = {
  key: 'caddy-bare',
  name: 'Caddy, bare proxy',
  authenticates: false,
  needs: ['caddy'],
  start: ({ directory, port, upstream, write }) => ({
    program: 'caddy',
    args: ['run', '--adapter', 'caddyfile', '--config', write('Caddyfile', caddyfile(directory, port, upstream))],
    environment: { GOMAXPROCS: '1', XDG_DATA_HOME: directory, XDG_CONFIG_HOME: directory },
  }),
};

function caddyfile(directory: string, port: number, upstream: number): string {
  return `{
  admin off
  auto_https off
}
:${port} {
  bind 127.0.0.1
  log {
    output file ${directory}/access.log
  }
  reverse_proxy 127.0.0.1:${upstream}
}
`;
}
