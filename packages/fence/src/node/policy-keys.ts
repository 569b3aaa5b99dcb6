import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { FenceError } from '../fence-error.ts';
import { readKeyLines } from '../policy-key-ring.ts';
import type { PolicySigner } from '../sign.ts';

/**
 * The two files of a fence key pair, as text. Both have lines of a key's id and 32 bytes in base64url: the private file
 * one, the seed (RFC 8032); the public file one for each key that is trusted, so that while keys rotate there are two.
 * Empty lines and those that begin with # mean nothing.
 */
export interface PolicyKeyFiles {
  readonly privateFile: string;
  readonly publicFile: string;
}

/** A new pair; its id tells nothing but when it was made. */
export function makePolicyKeys(nowMs: number): PolicyKeyFiles {
  const keyId = `fence-${new Date(nowMs).toISOString().replace(/[-:]|\.\d+/g, '')}`;
  const { d, x } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  return { privateFile: `${keyId} ${d}\n`, publicFile: `${keyId} ${x}\n` };
}

/** The public half of a private file, as its line in a file of public keys. Throws as `parsePolicySigner` does. */
export function publicLineOf(privateFile: string): string {
  const { keyId, key } = readPrivate(privateFile);
  return `${keyId} ${createPublicKey(key).export({ format: 'jwk' }).x}\n`;
}

/** @throws FenceError `malformed`, without anything of the text. */
export function parsePolicySigner(privateFile: string): PolicySigner {
  const { keyId, key } = readPrivate(privateFile);
  // Node's own type knows more uses of a key than a page's, and either may be the global one.
  return { keyId, privateKey: key.toCryptoKey('Ed25519', false, ['sign']) as PolicySigner['privateKey'] };
}

function readPrivate(privateFile: string): { keyId: string; key: KeyObject } {
  const [line, ...rest] = readKeyLines(privateFile);
  if (line === undefined || rest.length > 0)
    throw new FenceError('malformed', 'a private fence key is one line: a key id and a seed');
  // PKCS #8 around the seed (RFC 8410).
  const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), line.bytes]);
  return { keyId: line.keyId, key: createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }) };
}
