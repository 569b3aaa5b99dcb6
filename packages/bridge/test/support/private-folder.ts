/** The origin's private file system in memory, with its locks, and with crashes between any two of its calls. */
import type { PrivateFile, PrivateFolder, SyncFile } from '../../src/browser/private-files.ts';

export class CrashedError extends Error {}

export class MemoryFolder implements PrivateFolder {
  readonly files = new Map<string, Uint8Array<ArrayBuffer>>();
  readonly #open = new Set<string>();
  /** How many more calls that change something go well. */
  callsLeft = Infinity;

  text(name: string): string {
    return new TextDecoder().decode(this.files.get(name));
  }

  put(name: string, text: string): void {
    this.files.set(name, new TextEncoder().encode(text));
  }

  /** The process is gone, and with it its locks. */
  restart(): void {
    this.#open.clear();
    this.callsLeft = Infinity;
  }

  async getFileHandle(name: string, options?: { create?: boolean }): Promise<PrivateFile> {
    if (!this.files.has(name)) {
      if (options?.create !== true) throw new DOMException('no such file', 'NotFoundError');
      this.#change();
      this.files.set(name, new Uint8Array());
    }
    return { createSyncAccessHandle: async () => this.#openSync(name) };
  }

  async removeEntry(name: string): Promise<void> {
    this.#change();
    this.files.delete(name);
  }

  #change(): void {
    if (this.callsLeft <= 0) throw new CrashedError('crashed');
    this.callsLeft -= 1;
  }

  #openSync(name: string): SyncFile {
    if (this.#open.has(name)) throw new DOMException('it is locked', 'NoModificationAllowedError');
    this.#open.add(name);
    const bytes = () => this.files.get(name) ?? new Uint8Array();
    return {
      getSize: () => bytes().length,
      read: (buffer, { at }) => {
        const part = bytes().subarray(at, at + buffer.length);
        buffer.set(part);
        return part.length;
      },
      write: (buffer, { at }) => {
        this.#change();
        const all = new Uint8Array(Math.max(bytes().length, at + buffer.length));
        all.set(bytes());
        all.set(buffer, at);
        this.files.set(name, all);
        return buffer.length;
      },
      truncate: (size) => {
        this.#change();
        this.files.set(name, bytes().slice(0, size));
      },
      flush: () => this.#change(),
      close: () => void this.#open.delete(name),
    };
  }
}
