import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { FenceError } from '../fence-error.ts';
import type { PolicyKeyRing, PolicySigner } from '../sign.ts';

/**
 * The two files of a fence key pair, as text. Both have lines of a key's id and 32 bytes in base64url: the private file
 * one, the seed (RFC 8032); the public file one for each key that is trusted, so that while keys rotate there are two.
 * Empty lines and those that begin with # mean nothing.
 */
export interface PolicyKeyFiles {
  readonly privateFile: string;
  readonly publicFile: string;
}

/** Keys in one file of public keys at most. */
export const PUBLIC_KEYS_MAX = 16;

const KEY_BYTES = 32;

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
  return { keyId, privateKey: key.toCryptoKey('Ed25519', false, ['sign']) };
}

function readPrivate(privateFile: string): { keyId: string; key: KeyObject } {
  const [line, ...rest] = readLines(privateFile);
  if (line === undefined || rest.length > 0)
    throw new FenceError('malformed', 'a private fence key is one line: a key id and a seed');
  // PKCS #8 around the seed (RFC 8410).
  const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), line.bytes]);
  return { keyId: line.keyId, key: createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }) };
}

/** @throws FenceError `malformed`, without anything of the text. */
export function parsePolicyKeyRing(publicFile: string): PolicyKeyRing {
  const lines = readLines(publicFile);
  if (lines.length === 0 || lines.length > PUBLIC_KEYS_MAX)
    throw new FenceError(
      'malformed',
      `public fence keys are 1 to ${PUBLIC_KEYS_MAX} lines: a key id and a key`,
    );
  const ring = new Map(lines.map(({ keyId, bytes }) => [keyId, bytes]));
  if (ring.size < lines.length) throw new FenceError('malformed', 'two public fence keys with one id');
  return ring;
}

function readLines(text: string): { keyId: string; bytes: Uint8Array<ArrayBuffer> }[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, keyId = '', encoded = ''] = /^([A-Za-z0-9_.:-]{1,64}) +([A-Za-z0-9_-]{43})$/.exec(line) ?? [];
      const bytes = new Uint8Array(Buffer.from(encoded, 'base64url'));
      if (bytes.length !== KEY_BYTES)
        throw new FenceError('malformed', 'a line of fence keys is a key id and 32 bytes in base64url');
      return { keyId, bytes };
    });
}
