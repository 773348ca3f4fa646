'use client';

import { useRouter } from 'next/navigation';

export function SignOut() {
  const router = useRouter();
  return (
    <button
      type="button"
      onClick={async () => {
        await fetch('/session', { method: 'DELETE' });
        router.refresh();
      }}
    >
      Sign out
    </button>
  );
}
