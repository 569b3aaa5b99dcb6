/**
 * What is needed of the origin's private file system (https://fs.spec.whatwg.org): the part that only Workers have, so
 * that this compiles under a page's types too, and a seam for tests.
 */
export interface PrivateFolder {
  getFileHandle(name: string, options?: { readonly create?: boolean }): Promise<PrivateFile>;
  removeEntry(name: string): Promise<void>;
}

export interface PrivateFile {
  /** Exclusive: rejects with `NoModificationAllowedError` while anybody else has one. */
  createSyncAccessHandle(): Promise<SyncFile>;
}

/** Reads and writes within the call. */
export interface SyncFile {
  getSize(): number;
  read(buffer: Uint8Array<ArrayBuffer>, options: { readonly at: number }): number;
  write(buffer: Uint8Array<ArrayBuffer>, options: { readonly at: number }): number;
  truncate(size: number): void;
  flush(): void;
  close(): void;
}

/** The origin's own folder. Rejects where the browser keeps no data (some private windows). */
export async function privateFolder(): Promise<PrivateFolder> {
  const { storage } = navigator as unknown as { storage: { getDirectory(): Promise<PrivateFolder> } };
  return await storage.getDirectory();
}

export function readText(file: SyncFile): string {
  const bytes = new Uint8Array(file.getSize());
  const read = file.read(bytes, { at: 0 });
  return new TextDecoder().decode(bytes.subarray(0, read));
}

/** Replaces all of it, and waits for the disk. Not whole or not at all: a crash may leave a part. */
export function rewriteText(file: SyncFile, text: string): void {
  file.truncate(0);
  writeAll(file, new TextEncoder().encode(text), 0);
  file.flush();
}

/** Throws when not all of it was taken: a full disk, or a quota. */
export function writeAll(file: SyncFile, bytes: Uint8Array<ArrayBuffer>, at: number): void {
  const written = file.write(bytes, { at });
  if (written !== bytes.length) throw new Error(`only ${written} of ${bytes.length} bytes were kept`);
}
