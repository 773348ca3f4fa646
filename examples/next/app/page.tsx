import { cookies } from 'next/headers';
import { openSession, SESSION } from '../lib/session';
import { SignIn } from './sign-in';
import { SignOut } from './sign-out';

export default async function Page() {
  const sub = await openSession((await cookies()).get(SESSION)?.value);
  if (!sub) return <SignIn />;
  return (
    <section>
      <p>
        Signed in as <code>{sub}</code>
      </p>
      <SignOut />
    </section>
  );
}
