/**
 * Facts of a connection, as the edge signs them for the services behind it. Nothing of Node in here: the edge, which is a
 * Worker, signs with the same file that services read with.
 */

/** The header that carries them, from the edge to a service; a client's own never gets that far. */
export const FACTS_HEADER = 'nightjar-facts';
/** How long the edge's word holds: a request's way to a service, and clocks that differ. */
export const FACTS_LIVE_MS = 60_000;
/** A clock that is behind the edge's by more than this does not take its word. */
const SKEW_MS_MAX = 60_000;
/** Characters of the header at most. */
const FACTS_CHARS_MAX = 1_024;
/** Edge keys that a service trusts at most. */
const KEYS_MAX = 16;

/** What is signed begins with it, so that the signature can mean nothing else. */
const DOMAIN = 'nightjar/connection-facts/v1\0';

/** What is known of where a connection comes from; what is missing is unknown. */
export interface ConnectionFacts {
  /** The edge's instance: whoever came through it is told to go when it goes. */
  readonly edge: string;
  /** IPv4 or IPv6. It lives as long as the request or the socket, and is written down nowhere. */
  readonly address: string;
  /** ISO 3166-1 alpha-2. */
  readonly country?: string;
  /** ISO 3166-2. */
  readonly region?: string;
  /** The network's number (ASN). */
  readonly asn?: number;
  readonly anonymizer?: boolean;
}

type PlatformKey = InstanceType<typeof CryptoKey>;

export interface FactsSigner {
  readonly keyId: string;
  readonly key: PlatformKey;
}

/** The edges' public keys by id. */
export type FactsKeys = ReadonlyMap<string, Promise<PlatformKey>>;

/** PKCS #8 around an Ed25519 seed (RFC 8410). */
const PKCS8_HEAD = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];

/**
 * The one line of a private key file: an id and a 32-byte Ed25519 seed in base64url.
 *
 * @throws RangeError without anything of the text.
 */
export async function factsSigner(privateFile: string): Promise<FactsSigner> {
  const { keyId, pkcs8 } = privateFactsLine(privateFile);
  return { keyId, key: await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign']) };
}

/** What stands in a private key file, its seed within PKCS #8. @throws RangeError without anything of the text. */
export function privateFactsLine(privateFile: string): { keyId: string; pkcs8: Uint8Array<ArrayBuffer> } {
  const [line, ...rest] = readLines(privateFile);
  if (!line || rest.length > 0) throw new RangeError("an edge's private key is one line: an id and a seed");
  return { keyId: line.keyId, pkcs8: new Uint8Array([...PKCS8_HEAD, ...line.bytes]) };
}

/**
 * The lines of a file of public keys: an id and a key in base64url. No line, no edge: then nobody's word is taken.
 *
 * @throws RangeError
 */
export function factsKeys(publicFile: string): FactsKeys {
  const lines = readLines(publicFile);
  if (lines.length > KEYS_MAX) throw new RangeError(`at most ${KEYS_MAX} edge keys`);
  if (new Set(lines.map(({ keyId }) => keyId)).size < lines.length)
    throw new RangeError('two edge keys with one id');
  return new Map(
    lines.map(({ keyId, bytes }) => {
      const key = crypto.subtle.importKey('raw', bytes, 'Ed25519', false, ['verify']);
      key.catch(() => {});
      return [keyId, key];
    }),
  );
}

/** `base64url(json).base64url(signature)`: the facts, their end and the key's id, signed by Ed25519 (RFC 8032). */
export async function signFacts(facts: ConnectionFacts, signer: FactsSigner, nowMs: number): Promise<string> {
  const payload = toBase64url(
    new TextEncoder().encode(JSON.stringify({ ...facts, kid: signer.keyId, exp: nowMs + FACTS_LIVE_MS })),
  );
  const signature = await crypto.subtle.sign('Ed25519', signer.key, signed(payload));
  return `${payload}.${toBase64url(new Uint8Array(signature))}`;
}

/** The facts, when a trusted edge said so just now; undefined for anything else. */
export async function readFacts(
  header: string,
  keys: FactsKeys,
  nowMs: number,
): Promise<ConnectionFacts | undefined> {
  if (header.length > FACTS_CHARS_MAX) return undefined;
  const [, payload, signature] = /^([\w-]+)\.([\w-]{86})$/.exec(header) ?? [];
  if (payload === undefined || signature === undefined) return undefined;
  try {
    const { kid, exp, ...facts } = JSON.parse(new TextDecoder().decode(fromBase64url(payload))) as Said;
    const key = await keys.get(kid);
    if (!key || !(exp > nowMs && exp <= nowMs + FACTS_LIVE_MS + SKEW_MS_MAX)) return undefined;
    const good = await crypto.subtle.verify('Ed25519', key, fromBase64url(signature), signed(payload));
    return good ? facts : undefined;
  } catch {
    return undefined;
  }
}

interface Said extends ConnectionFacts {
  readonly kid: string;
  readonly exp: number;
}

function signed(payload: string): Uint8Array<ArrayBuffer> {
  // Copied: not every runtime's types say that an encoder's bytes are its own.
  return new Uint8Array(new TextEncoder().encode(DOMAIN + payload));
}

function readLines(text: string): { keyId: string; bytes: Uint8Array<ArrayBuffer> }[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, keyId, encoded] = /^([A-Za-z0-9_.:-]{1,64}) +([A-Za-z0-9_-]{43})$/.exec(line) ?? [];
      if (keyId === undefined || encoded === undefined)
        throw new RangeError('a line of edge keys is an id and 32 bytes in base64url');
      return { keyId, bytes: fromBase64url(encoded) };
    });
}

function toBase64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}

function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  const letters = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
}
