/* The public interface of the package: everything else may change in any version. */
export { newApiKey } from './access/api-key.ts';
export type { Scope } from './access/scopes.ts';
export { type AppParts, createApp } from './app.ts';
export { type Config, loadConfig } from './config/config.ts';
export { type Gateway, type GatewayOptions, type GatewayVariables, openGateway } from './gateway.ts';
export { type Ingest, ingestThread } from './ingest/ingest-thread.ts';
export { ingestSettings } from './ingest/settings.ts';
export { type ErrorCode, RelaylogError } from './log/errors.ts';
export { type OpenOptions, openStore } from './store/open-store.ts';
export type { ApiKey, KeyOwner, Organization, Store } from './store/store.ts';
export { createLogger, type Logger } from './telemetry/logger.ts';
export { VERSION } from './version.ts';
