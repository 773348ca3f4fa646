import { createLog, readSettings, SettingsError } from '@wechat-follow-login/server';
import { createShop } from './app.ts';

/** The same settings from the environment that `wechat-follow-login-server serve` reads. */
try {
  const settings = readSettings(process.env);
  const log = createLog(settings.logLevel, settings.logFormat, (line) => process.stderr.write(line));
  const { app, companion } = createShop({ ...settings.companion, log });
  const server = app.listen(settings.port, settings.host, () => {
    console.log(`shop ready http://${settings.host}:${settings.port}`);
  });
  process.once('SIGTERM', () => {
    server.close();
    void companion.close(5_000).then(() => server.closeAllConnections());
  });
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  for (const { name, expected } of error.problems) console.error(`${name}: ${expected}`);
  process.exitCode = 2;
}
