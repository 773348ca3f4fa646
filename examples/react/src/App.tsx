import { useState } from 'react';
import { WechatFollowLogin, type User } from 'wechat-follow-login/react';

export function App() {
  const [user, setUser] = useState<User | null>(null);
  return (
    <main>
      <h1>Lantern Leaf</h1>
      {user ? (
        <section>
          <p>
            Welcome, <strong>{user.name ?? user.sub}</strong>
          </p>
          <button type="button" onClick={() => setUser(null)}>
            Sign out
          </button>
        </section>
      ) : (
        <WechatFollowLogin
          endpoint={import.meta.env.VITE_LOGIN_ENDPOINT}
          onLoginSuccess={({ detail }) => {
            // detail.tokens.id_token goes to your back end, which verifies it and starts your session.
            setUser(detail.user);
          }}
        >
          <small slot="footer">Scanning makes you follow our account. You can stop following at any time.</small>
        </WechatFollowLogin>
      )}
    </main>
  );
}
