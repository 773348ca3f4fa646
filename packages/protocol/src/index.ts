export * from './attempt.ts';
export * from './claim.ts';
export { isRecord, WireError } from './guard.ts';
export * from './problem.ts';
export * from './routes.ts';
export * from './snapshot.ts';
export * from './status.ts';
