import assert from 'node:assert/strict';
import test from 'node:test';
import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { createSandbox } from './index.ts';

test('msw mounts the sandbox under any host name, broken connections included', async (t) => {
  const sandbox = createSandbox();
  const server = setupServer(
    http.all('https://app.authing.example/*', ({ request }) =>
      sandbox.fetch(request).catch(() => HttpResponse.error()),
    ),
  );
  server.listen({ onUnhandledRequest: 'error' });
  t.after(() => server.close());

  const answer = await fetch('https://app.authing.example/oidc/.well-known/openid-configuration');
  assert.equal(((await answer.json()) as { issuer: string }).issuer, 'https://app.authing.example/oidc');
  sandbox.faults.add({ path: '/api/v3/get-profile', fault: 'drop' });
  await assert.rejects(fetch('https://app.authing.example/api/v3/get-profile'), TypeError);
});
