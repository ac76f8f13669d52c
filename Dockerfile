# This version of Node is that of the package `node` in package-lock.json, which the tests run on.
FROM node:26.10.0-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY schema.graphql ./
COPY bin ./bin
COPY src ./src
COPY web ./web
RUN node web/build.ts && npm prune --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:26.10.0-slim
ENV NODE_ENV=production HOST=0.0.0.0 RELAYLOG_STORE_URL=sqlite:/data/relaylog.db
RUN mkdir /data && chown node:node /data
WORKDIR /app
COPY --from=build --chown=root:root /app/package.json ./
COPY --from=build --chown=root:root /app/node_modules ./node_modules
COPY --from=build --chown=root:root /app/bin ./bin
COPY --from=build --chown=root:root /app/src ./src
COPY --from=build --chown=root:root /app/web/dist ./web/dist
# The user `node`, as a number: an orchestrator can see that it is not root.
USER 1000:1000
VOLUME /data
EXPOSE 4000
HEALTHCHECK --interval=15s --timeout=10s --start-period=30s --retries=3 CMD ["node", "bin/relaylog.cjs", "ready"]
CMD ["node", "bin/relaylog.cjs", "serve"]
