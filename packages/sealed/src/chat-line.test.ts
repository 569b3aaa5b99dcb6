import { beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fromBase64Url, toBase64Url } from './base64url.ts';
import { CHAT_SCHEME, type LinePlace, openLine, type Speaker, sealLine } from './chat-line.ts';
import { type CheckMember, certify, memberCheck } from './chat-member.ts';
import { aesSeal, importRoomKey, type RoomKey, randomKey } from './chat-room-key.ts';
import { CHAT_CHARS_MAX, CHAT_TEXT_STEPS, encodeChatText, toChatText } from './chat-text.ts';
import { concat, frame } from './frame.ts';
import { generateSigningKeyPair, type SigningKeyPair, sign } from './keys.ts';
import { type SealedPayload, toSealedPayload } from './sealed-payload.ts';

const place: LinePlace = { roomId: 'room_1', id: 'msg_1', from: 'pn_1', kind: 'line' };
const code = (wanted: string) => expect.objectContaining({ code: wanted });
/** What stands around a text: version, commitment, nonce, tag, and the body's keys and signatures. */
const AROUND_BYTES = 1 + 32 + 12 + 16 + 32 + 32 + 64 + 64;

let keeper: SigningKeyPair;
let roomKey: RoomKey;
let check: CheckMember;
let ada: Speaker;
let ben: Speaker;

async function speaker(pseudonym: string, by: SigningKeyPair = keeper, roomId = 'room_1'): Promise<Speaker> {
  const key = await generateSigningKeyPair({ extractable: false });
  return { key, certificate: await certify({ roomId, pseudonym, signingKey: key.publicKey }, by.privateKey) };
}

beforeAll(async () => {
  keeper = await generateSigningKeyPair({ extractable: false });
  roomKey = await importRoomKey(randomKey());
  check = memberCheck(keeper.publicKey);
  ada = await speaker('pn_1');
  ben = await speaker('pn_2');
});

test('a line comes back as it was said, and its length tells a step', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: CHAT_CHARS_MAX / 2 }),
      fc.constantFrom('line' as const, 'note' as const),
      async (typed, kind) => {
        const text = toChatText(typed);
        fc.pre(text !== undefined);
        const sealed = await sealLine(text, { ...place, kind }, ada, roomKey);
        const opened = await openLine(sealed, { ...place, kind }, roomKey, check);
        expect(opened.text).toBe(text);
        expect([...opened.signingKey]).toEqual([...ada.key.publicKey]);
        expect(CHAT_TEXT_STEPS).toContain(fromBase64Url(sealed.bytes).length - AROUND_BYTES);
      },
    ),
    { seed: 5, numRuns: 60 },
  );
});

test.each([{ roomId: 'room_2' }, { id: 'msg_2' }, { from: 'pn_2' }, { kind: 'note' as const }])(
  'it opens nowhere else: %j',
  async (elsewhere) => {
    const sealed = await sealLine('hello', place, ada, roomKey);
    await expect(openLine(sealed, { ...place, ...elsewhere }, roomKey, check)).rejects.toThrow(
      code('not_opened'),
    );
  },
);

test('no single bit of it can be changed', async () => {
  const sealed = await sealLine('hello', place, ada, roomKey);
  const bytes = fromBase64Url(sealed.bytes);
  for (let at = 0; at < bytes.length; at += 1) {
    const changed = bytes.slice();
    changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
    const payload = { ...sealed, bytes: toBase64Url(changed) };
    await expect(openLine(payload, place, roomKey, check)).rejects.toThrow(
      code(at === 0 ? 'malformed' : 'not_opened'),
    );
  }
});

test('cut short or with something behind it, at any length, it is refused', async () => {
  const sealed = await sealLine('hello', place, ada, roomKey);
  const bytes = fromBase64Url(sealed.bytes);
  for (let length = 1; length < bytes.length; length += 1) {
    const payload = toSealedPayload(sealed.scheme, sealed.keyId, bytes.subarray(0, length));
    await expect(openLine(payload, place, roomKey, check)).rejects.toThrow(/./);
  }
  const longer = toSealedPayload(sealed.scheme, sealed.keyId, Uint8Array.of(...bytes, 0));
  await expect(openLine(longer, place, roomKey, check)).rejects.toThrow(code('not_opened'));
});

test('another scheme and another room key are told apart', async () => {
  const sealed = await sealLine('hello', place, ada, roomKey);
  const other = await importRoomKey(randomKey());
  const open = (payload: SealedPayload, key = roomKey) => openLine(payload, place, key, check);
  await expect(open({ ...sealed, scheme: 'nightjar-chat-v2' })).rejects.toThrow(code('wrong_scheme'));
  await expect(open(sealed, other)).rejects.toThrow(code('unknown_key'));
  // Passed off under the other key's id.
  await expect(open({ ...sealed, keyId: other.keyId }, other)).rejects.toThrow(code('not_opened'));
});

test('whoever has the room key still cannot speak for somebody else', async () => {
  const asAda = { ...ben, certificate: ada.certificate };
  for (const forger of [
    ben,
    asAda,
    await speaker('pn_1', await generateSigningKeyPair({ extractable: false })),
  ]) {
    const sealed = await sealLine('I am ada', place, forger, roomKey);
    await expect(openLine(sealed, place, roomKey, check)).rejects.toThrow(code('bad_signature'));
  }
});

test('a certificate of another room is worth nothing', async () => {
  const elsewhere = await speaker('pn_1', keeper, 'room_2');
  const sealed = await sealLine('hello', place, elsewhere, roomKey);
  await expect(openLine(sealed, place, roomKey, check)).rejects.toThrow(code('bad_signature'));
});

test('a good certificate that is remembered does not make the next one good', async () => {
  const sealed = await sealLine('hello', place, ada, roomKey);
  await openLine(sealed, place, roomKey, check);
  const forged = await sealLine('hello', place, { key: ben.key, certificate: ada.certificate }, roomKey);
  await expect(openLine(forged, place, roomKey, check)).rejects.toThrow(code('bad_signature'));
  await openLine(sealed, place, roomKey, check);
});

test('the commitment opens to what was said, with the franking key that only readers have', async () => {
  const one = await sealLine('hello', place, ada, roomKey);
  const other = await sealLine('hello', place, ada, roomKey);
  const opened = await openLine(one, place, roomKey, check);
  const outside = fromBase64Url(one.bytes).subarray(1, 33);
  expect([...opened.commitment]).toEqual([...outside]);
  expect(toBase64Url(outside)).not.toBe(toBase64Url(fromBase64Url(other.bytes).subarray(1, 33)));
});

test('what is put together by hand opens only where each part is right', async () => {
  const ids = ['line', 'room_1', roomKey.keyId, 'msg_1', 'pn_1'];
  const said = new TextEncoder().encode('hello');
  const frankingKey = new Uint8Array(32);
  const hmac = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', frankingKey, hmac, false, ['sign']);
  const committed = frame('nightjar/chat-commitment/v1', ids, ada.key.publicKey, said);
  const right = {
    commitment: new Uint8Array(await crypto.subtle.sign('HMAC', key, committed)),
    padded: encodeChatText('hello'),
    signer: ada.key,
  };
  const open = async (wrong: Partial<typeof right>) => {
    const { commitment, padded, signer } = { ...right, ...wrong };
    const signature = await sign(signer.privateKey, frame('nightjar/chat-signature/v1', ids, said));
    const body = concat(frankingKey, ada.key.publicKey, ada.certificate, signature, padded);
    const sealed = await aesSeal(roomKey.key, body, frame('nightjar/chat-line/v1', ids, commitment));
    const bytes = concat(Uint8Array.of(1), commitment, sealed);
    return openLine(toSealedPayload(CHAT_SCHEME, roomKey.keyId, bytes), place, roomKey, check);
  };
  expect((await open({})).text).toBe('hello');
  // Ben has the room key, and from ada's lines her public key and her certificate; her private key he has not.
  await expect(open({ signer: ben.key })).rejects.toThrow(code('bad_signature'));
  await expect(open({ commitment: new Uint8Array(32) })).rejects.toThrow(code('not_opened'));
  // Padded to a size that no step has, so that its length would tell it apart.
  await expect(open({ padded: concat(right.padded, new Uint8Array(1)) })).rejects.toThrow(code('malformed'));
});

test('what is no chat text is not sealed', async () => {
  for (const text of ['', ' x', 'a\nb', 'x'.repeat(CHAT_CHARS_MAX + 1)])
    await expect(sealLine(text, place, ada, roomKey)).rejects.toThrow(code('malformed'));
  await expect(sealLine('x', place, { ...ada, certificate: new Uint8Array(3) }, roomKey)).rejects.toThrow(
    code('malformed'),
  );
  expect((await sealLine('x', place, ada, roomKey)).scheme).toBe(CHAT_SCHEME);
});
