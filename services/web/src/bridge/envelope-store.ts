import type { SignedEnvelope } from '@nightjar/bridge/envelope-signature';

/** The broadcaster's signed envelope, in the origin's private files: the Worker reads and writes it, nobody else. */
export interface EnvelopeStore {
  /** Undefined when there is none; whatever is in the file is taken for what it may be, and verified by the caller. */
  load(): Promise<SignedEnvelope | undefined>;
  save(signed: SignedEnvelope): Promise<void>;
}

export function envelopeStore(roomId: string): EnvelopeStore {
  const name = `envelope-${roomId}.json`;
  return {
    async load() {
      try {
        const folder = await navigator.storage.getDirectory();
        const file = await (await folder.getFileHandle(name)).getFile();
        const value: unknown = JSON.parse(await file.text());
        return typeof value === 'object' && value !== null
          ? (value as SignedEnvelope)
          : { body: '', signature: '', publicKey: '' };
      } catch (error) {
        if (error instanceof DOMException && error.name === 'NotFoundError') return undefined;
        // Unreadable: there was one, and it does not verify.
        return { body: '', signature: '', publicKey: '' };
      }
    },
    async save(signed) {
      const folder = await navigator.storage.getDirectory();
      const writable = await (await folder.getFileHandle(name, { create: true })).createWritable();
      await writable.write(JSON.stringify(signed));
      await writable.close();
    },
  };
}
