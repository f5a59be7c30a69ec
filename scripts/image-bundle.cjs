// Writes the runtime's description of the container that scripts/image.sh starts (OCI runtime specification, config.json):
// what the chart asks of a cluster, without the cluster. The image's own description comes on standard input; ROOT is its
// root, WORK holds the folders to mount.

const { readFileSync } = require('node:fs');

const { ROOT: root, WORK: work } = process.env;
const image = JSON.parse(readFileSync(0, 'utf8')).OCIv1.config;
const [uid, gid] = image.User.split(':').map(Number);

const kernel = (destination, type, options = ['nosuid', 'noexec', 'nodev']) => ({ destination, type, source: type, options });
const folder = (destination, source, ...options) => ({ destination, type: 'bind', source, options: ['rbind', ...options] });
const nothing = { bounding: [], effective: [], inheritable: [], permitted: [], ambient: [] };

const description = {
  ociVersion: '1.0.2',
  hostname: 'wardgate',
  root: { path: root, readonly: true },
  process: {
    user: { uid, gid },
    cwd: image.WorkingDir,
    args: [...image.Entrypoint, ...image.Cmd],
    env: [...image.Env, 'WARDGATE_CLIENT_SECRET=of-no-provider'],
    capabilities: nothing,
    noNewPrivileges: true,
    rlimits: [{ type: 'RLIMIT_CORE', hard: 0, soft: 0 }],
  },
  mounts: [
    kernel('/proc', 'proc'),
    kernel('/dev', 'tmpfs', ['nosuid', 'strictatime', 'mode=755', 'size=65536k']),
    kernel('/tmp', 'tmpfs', ['nosuid', 'nodev', 'mode=1777', 'size=65536k']),
    folder('/etc/wardgate', `${work}/config`, 'ro'),
    folder('/var/lib/wardgate', `${work}/data`, 'rw'),
  ],
  // A network of its own has the loopback and nothing else.
  linux: { namespaces: ['pid', 'network', 'ipc', 'uts', 'mount'].map((type) => ({ type })) },
};

process.stdout.write(JSON.stringify(description));
