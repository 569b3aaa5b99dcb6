/**
 * Whether the browser lets this page speak to a program on this computer (https://wicg.github.io/local-network-access).
 * A page from a public address needs a person's leave for that; one that comes from this computer itself needs none.
 */
export type LocalAccess = 'granted' | 'prompt' | 'denied';

/** For the screen, before the browser asks. */
export const LOCAL_ACCESS_WORDS = {
  title: 'Your browser will ask whether this page may reach apps on this device',
  text: 'Your device is driven by Intiface, a program on this computer. The page speaks to it and to nothing else there, and nothing of it goes to the platform. Choose “Allow”.',
} as const;

/** How long a person may think about the browser's question, in ms. */
const ASK_MS_MAX = 60_000;

/** Browsers that do not ask for it let everything through. */
export async function localAccess(engineUrl: string): Promise<LocalAccess> {
  if (isHere(location.hostname)) return (await state(engineUrl)) === 'denied' ? 'denied' : 'granted';
  return state(engineUrl);
}

/** Brings up the browser's question, where it has one. To be called from a person's press, after LOCAL_ACCESS_WORDS. */
export async function askLocalAccess(engineUrl: string): Promise<LocalAccess> {
  const before = await localAccess(engineUrl);
  if (before !== 'prompt') return before;
  await touch(engineUrl);
  return localAccess(engineUrl);
}

async function state(engineUrl: string): Promise<LocalAccess> {
  const names = isHere(new URL(engineUrl).hostname)
    ? ['loopback-network', 'local-network-access']
    : ['local-network', 'local-network-access'];
  for (const name of names) {
    try {
      const { state } = await navigator.permissions.query({ name: name as PermissionName });
      return state;
    } catch {
      // Not known by this name.
    }
  }
  return 'granted';
}

function isHere(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
}

/** Opens a connection and closes it at once: the engine serves one program at a time. Ends whatever comes of it. */
function touch(engineUrl: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = new WebSocket(engineUrl);
    const end = (): void => {
      clearTimeout(timer);
      socket.close();
      resolve();
    };
    const timer = setTimeout(end, ASK_MS_MAX);
    for (const event of ['open', 'error', 'close']) socket.addEventListener(event, end, { once: true });
  });
}
