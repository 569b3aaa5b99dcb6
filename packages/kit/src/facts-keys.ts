import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { privateFactsLine } from './signed-facts.ts';

/** The two files of an edge's key pair, as text: see `factsSigner` and `factsKeys` for their form. */
export interface FactsKeyFiles {
  readonly privateFile: string;
  readonly publicFile: string;
}

/** A new pair; its id tells nothing but when it was made. */
export function makeFactsKeys(nowMs: number): FactsKeyFiles {
  const keyId = `edge-${new Date(nowMs).toISOString().replace(/[-:]|\.\d+/g, '')}`;
  const { d, x } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  return { privateFile: `${keyId} ${d}\n`, publicFile: `${keyId} ${x}\n` };
}

/** The public half of a private file, as its line in a file of public keys. Throws as `factsSigner` does. */
export function factsPublicLineOf(privateFile: string): string {
  const { keyId, pkcs8 } = privateFactsLine(privateFile);
  const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
  return `${keyId} ${createPublicKey(key).export({ format: 'jwk' }).x}\n`;
}
