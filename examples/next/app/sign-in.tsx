'use client';

import { useRouter } from 'next/navigation';
import { WechatFollowLogin } from 'wechat-follow-login/react';

export function SignIn() {
  const router = useRouter();
  return (
    <WechatFollowLogin
      endpoint="/wechat-login"
      onLoginSuccess={async () => {
        const { ok } = await fetch('/session', { method: 'POST' });
        if (ok) router.refresh();
      }}
    >
      <small slot="footer">Scanning makes you follow our account. You can stop following at any time.</small>
    </WechatFollowLogin>
  );
}
