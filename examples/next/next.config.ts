import type { NextConfig } from 'next';

export default {
  // Node's own modules and open streams: nothing that a bundler could improve.
  serverExternalPackages: ['@wechat-follow-login/server'],
} satisfies NextConfig;
