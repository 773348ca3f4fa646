export { publicClientRisk, type AuthingOptions, type ClientAuth } from './authing/options.ts';
export { createCompanion, type Companion } from './companion.ts';
export { CompanionError } from './errors.ts';
export type { Call, Reply, Sink } from './http.ts';
export { createLog, type LogFormat, type LogLevel } from './log.ts';
export type { CompanionOptions } from './options.ts';
export type { AttemptState, Clock, Log, LogFields, Random, Store } from './ports.ts';
export { readSettings, SettingsError, type Settings, type SettingsProblem } from './settings.ts';
export { createMemoryStore } from './stores/memory.ts';
