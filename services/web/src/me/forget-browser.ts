/**
 * Deletes all databases and private files of this origin: keys, chat keys, histories, a bridge's journal. Tabs that have
 * one open let go of it by themselves.
 *
 * @throws DOMException when a tab of an older version does not
 */
export async function forgetDatabases(): Promise<void> {
  const databases = await indexedDB.databases();
  await Promise.all(databases.map(({ name }) => (name === undefined ? undefined : deleteDatabase(name))));
  await forgetFiles();
}

/** What pages wrote down beside: preferences, lists, marks. */
export function forgetMarks(): void {
  try {
    localStorage.clear();
    sessionStorage.clear();
  } catch {
    // A browser that keeps nothing has nothing to forget.
  }
}

function deleteDatabase(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error ?? new DOMException('The browser’s database failed.'));
    request.onblocked = () =>
      reject(new DOMException('Another tab still uses the keys. Close your other tabs of Nightjar.'));
  });
}

async function forgetFiles(): Promise<void> {
  const root = await navigator.storage.getDirectory().catch(() => undefined);
  if (!root) return;
  for await (const name of root.keys()) await root.removeEntry(name, { recursive: true });
}
