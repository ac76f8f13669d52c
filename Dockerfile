# This version of Node is that of the package `node` in package-lock.json, which the tests run on.
FROM node:26.10.0-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund
COPY src ./src

FROM node:26.10.0-slim
# An image serves strangers: it makes no demo logs, whose key would stand in the container's log.
ENV NODE_ENV=production HOST=0.0.0.0 RELAYLOG_STORE_URL=sqlite:/data/relaylog.db RELAYLOG_DEMO=off
RUN mkdir /data && chown node:node /data
WORKDIR /app
COPY --from=build --chown=root:root /app /app
# The user `node`, as a number: an orchestrator can see that it is not root.
USER 1000:1000
VOLUME /data
EXPOSE 4000
HEALTHCHECK --interval=15s --timeout=10s --start-period=30s --retries=3 CMD ["node", "src/cli/relaylog.ts", "ready"]
CMD ["node", "--import", "./src/lib/compile-cache.js", "src/main.ts"]
