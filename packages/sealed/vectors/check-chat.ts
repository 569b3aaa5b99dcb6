/** What the chat's vectors say, checked on whatever platform this runs on: Node's, and a browser's. */
import { fromBase64Url, toBase64Url } from '@nightjar/sealed/base64url';
import { keeperCode, readStatement, signStatement } from '@nightjar/sealed/chat-keeper-statement';
import { readKeyAsk } from '@nightjar/sealed/chat-key-ask';
import { openGrant } from '@nightjar/sealed/chat-key-grant';
import { unwrapRoomKey } from '@nightjar/sealed/chat-key-wrap';
import { type LinePlace, openLine } from '@nightjar/sealed/chat-line';
import { certify, memberCheck } from '@nightjar/sealed/chat-member';
import { importAesKey, importRoomKey, roomKeyId } from '@nightjar/sealed/chat-room-key';
import { importSigningKeyPair } from '@nightjar/sealed/keys';
import type { SealedPayload } from '@nightjar/sealed/sealed-payload';

/** All bytes in base64url. */
export interface ChatVectors {
  readonly roomId: string;
  readonly keeper: { readonly seed: string; readonly publicKey: string; readonly code: string };
  readonly member: {
    readonly pseudonym: string;
    readonly seed: string;
    readonly publicKey: string;
    readonly certificate: string;
    readonly sealing: { readonly d: string; readonly x: string };
  };
  readonly memberKey: string;
  readonly roomKey: { readonly keyId: string; readonly raw: string };
  readonly nextRoomKey: { readonly keyId: string; readonly raw: string };
  readonly statement: { readonly number: number; readonly sealed: SealedPayload };
  readonly ask: { readonly sealed: SealedPayload; readonly hash: string };
  readonly grant: SealedPayload;
  readonly wrap: SealedPayload;
  readonly lines: readonly {
    readonly place: LinePlace;
    readonly text: string;
    readonly commitment: string;
    readonly frankingKey: string;
    readonly sealed: SealedPayload;
  }[];
}

/** @returns what was found, and what the vectors have in its place: the same, on every platform */
export async function readChatVectors(vectors: ChatVectors): Promise<{ found: unknown; wanted: unknown }> {
  const { roomId, member, statement, ask, grant, wrap } = vectors;
  const keeper = await importSigningKeyPair(fromBase64Url(vectors.keeper.seed), { extractable: false });
  const signing = await importSigningKeyPair(fromBase64Url(member.seed), { extractable: false });
  const place = { roomId, keeperKey: keeper.publicKey };
  const { d, x } = member.sealing;
  const sealing = {
    privateKey: await importX25519({ d, x }, ['deriveBits']),
    publicKey: await importX25519({ x }, []),
  };
  const { pseudonym } = member;
  const certified = { roomId, pseudonym, signingKey: signing.publicKey };
  const read = await readStatement(statement.sealed, roomId);
  const hash = fromBase64Url(ask.hash);
  const given = await openGrant(grant, { signing, sealing }, { hash }, place, pseudonym);
  const next = await unwrapRoomKey(wrap, await importAesKey(given.memberKey), place);
  const roomKey = await importRoomKey(given.roomKey);
  const lines = [];
  for (const { place: at, sealed } of vectors.lines) {
    const opened = await openLine(sealed, at, roomKey, memberCheck(keeper.publicKey));
    lines.push({
      text: opened.text,
      commitment: toBase64Url(opened.commitment),
      frankingKey: toBase64Url(opened.frankingKey),
      by: toBase64Url(opened.signingKey),
    });
  }
  return {
    found: {
      keeper: [toBase64Url(keeper.publicKey), await keeperCode(roomId, keeper.publicKey)],
      member: [toBase64Url(signing.publicKey), toBase64Url(await certify(certified, keeper.privateKey))],
      statement: [toBase64Url(read.publicKey), read.number, read.keyId],
      // Ed25519 is deterministic: the same statement is signed to the same bytes everywhere.
      signed: await signStatement(read, roomId, keeper),
      ask: toBase64Url((await readKeyAsk(ask.sealed, place)).hash),
      given: [given.memberKey, given.roomKey, given.certificate ?? new Uint8Array()].map(toBase64Url),
      next: [toBase64Url(next), await roomKeyId(next)],
      lines,
    },
    wanted: {
      keeper: [vectors.keeper.publicKey, vectors.keeper.code],
      member: [member.publicKey, member.certificate],
      statement: [vectors.keeper.publicKey, statement.number, vectors.roomKey.keyId],
      signed: statement.sealed,
      ask: ask.hash,
      given: [vectors.memberKey, vectors.roomKey.raw, member.certificate],
      next: [vectors.nextRoomKey.raw, vectors.nextRoomKey.keyId],
      lines: vectors.lines.map(({ text, commitment, frankingKey }) => ({
        ...{ text, commitment, frankingKey },
        by: member.publicKey,
      })),
    },
  };
}

function importX25519(key: { d?: string; x: string }, usages: 'deriveBits'[]) {
  return crypto.subtle.importKey('jwk', { kty: 'OKP', crv: 'X25519', ...key }, 'X25519', true, usages);
}
