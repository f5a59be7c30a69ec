# Builds the gateway's image in two stages: one with the compiler, one with what runs and nothing else.
#
#   docker build -t wardgate .
#   docker run --hostname wardgate --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges --stop-timeout 40 \
#     -v wardgate-data:/var/lib/wardgate -v ./config:/etc/wardgate:ro -p 443:8443 wardgate
#
# The fixed host name lets a new container see that the lock a killed one left on the data was its own.
# The image holds no secret and no configuration of a clinic. It writes to /var/lib/wardgate, and to /tmp where a search of
# the record is too large for memory.

# Debian, because the packages are built for glibc. Never below 24.18.1, where a forwarding proxy could be made to see
# two requests in one (CVE-2026-58044); the gateway itself refuses to start there.
ARG NODE=24.21.0

FROM node:${NODE}-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY rolldown.config.ts ./
COPY src ./src
RUN npm run -s build
# The same folder without compilers, tests and the pinned runtime, which the base image already is.
RUN npm ci --ignore-scripts --omit=dev --omit=optional

FROM node:${NODE}-bookworm-slim
LABEL org.opencontainers.image.title="Wardgate" \
      org.opencontainers.image.description="A security gateway in front of the EHR a clinic already has" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production
WORKDIR /opt/wardgate
RUN groupadd --gid 10001 wardgate \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /var/lib/wardgate --shell /usr/sbin/nologin wardgate \
 && install -d -o 10001 -g 10001 -m 0700 /var/lib/wardgate \
 && rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /opt/yarn-* /usr/local/bin/yarn*
COPY --from=build /build/node_modules ./node_modules
COPY --from=build /build/dist ./dist
COPY package.json LICENSE ./
# Presets, which the gateway reads beside its code. The clinic's own files are mounted at /etc/wardgate.
COPY config/presets ./config/presets
# `docker exec … wardgate audit verify --dir …` and every other command, as the documents write them.
RUN chmod 0755 dist/cli/main.js && ln -s /opt/wardgate/dist/cli/main.js /usr/local/bin/wardgate
USER 10001:10001
VOLUME /var/lib/wardgate
EXPOSE 8443 9464
STOPSIGNAL SIGTERM
# 9464 is the default of listen.health.port.
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:9464/healthz').then((reply) => process.exit(reply.ok ? 0 : 1), () => process.exit(1))"]
# With less room for what requests leave behind, it is looked through four times as often, and requests wait meanwhile.
ENTRYPOINT ["node", "--disable-proto=throw", "--max-http-header-size=16384", "--max-semi-space-size=64", "dist/cli/main.js"]
CMD ["start", "--config", "/etc/wardgate/gateway.yaml"]
