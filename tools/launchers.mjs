// How web-test-runner starts each browser.
import { chromeLauncher } from '@web/test-runner-chrome';
import { playwrightLauncher } from '@web/test-runner-playwright';
import { webdriverLauncher } from '@web/test-runner-webdriver';
import puppeteer from 'puppeteer-core';
import { requireBrowser } from './local.mjs';

const LAUNCHERS = {
  chromium() {
    const { exe, env } = requireBrowser();
    return playwrightLauncher({
      product: 'chromium',
      launchOptions: { executablePath: exe, env: { ...process.env, ...env } },
    });
  },

  // Playwright drives its own builds of Firefox and WebKit only, which come from nowhere but its own server.
  firefox: ({ executable }) =>
    chromeLauncher({
      puppeteer,
      launchOptions: {
        browser: 'firefox',
        executablePath: executable,
        headless: true,
        // It would ask around when it starts, and wait where nothing answers.
        extraPrefsFirefox: {
          'datareporting.policy.dataSubmissionEnabled': false,
          'toolkit.telemetry.enabled': false,
          'app.normandy.enabled': false,
          'services.settings.server': 'data:,',
          'network.captive-portal-service.enabled': false,
          'network.connectivity-service.enabled': false,
        },
      },
    }),

  webkit: ({ port, executable }) =>
    webdriverLauncher({
      automationProtocol: 'webdriver',
      protocol: 'http',
      hostname: '127.0.0.1',
      port,
      path: '/',
      logLevel: 'error',
      capabilities: {
        browserName: 'MiniBrowser',
        'wdio:enforceWebDriverClassic': true,
        'webkitgtk:browserOptions': { binary: executable, args: ['--automation'] },
      },
    }),
};

/** What test-browsers.mjs hands to the run that it starts; a run by itself is Chromium's. */
export function chosenLauncher() {
  const { name = 'chromium', ...found } = JSON.parse(process.env.TEST_BROWSER ?? '{}');
  return LAUNCHERS[name](found);
}
