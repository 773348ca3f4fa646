// System packages, on the machines whose owner expects us to install some.
import { existsSync } from 'node:fs';
import { run } from './run.mjs';

/** @returns {boolean} whether they are installed now; false, too, where we may not */
export function aptInstall(...packages) {
  // Nobody's machine is changed unasked: only a build machine's, or one where we are root on Debian.
  const mayChange = process.env.CI || process.getuid?.() === 0;
  if (!mayChange || !existsSync('/etc/debian_version')) return false;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args) => run('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=300', ...args], { env }).status === 0;
  const install = () => apt('install', '-y', '--no-install-recommends', ...packages);
  return install() || (apt('update') && install());
}
