import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core';
import { beforeAll, expect, test } from '@jest/globals';
import { type Bytes, fromBase64Url, toBase64Url } from './base64url.ts';
import { keeperCode, readStatement, signStatement } from './chat-keeper-statement.ts';
import {
  type AskKeys,
  type AskPlace,
  type KeyAsk,
  makeKeyAsk,
  newAskKeys,
  readKeyAsk,
} from './chat-key-ask.ts';
import { openGrant, sealGrant } from './chat-key-grant.ts';
import { unwrapRoomKey, wrapRoomKey } from './chat-key-wrap.ts';
import { aesSeal, importAesKey, randomKey, roomKeyId } from './chat-room-key.ts';
import { concat, frame } from './frame.ts';
import { generateSigningKeyPair, type SigningKeyPair, sign } from './keys.ts';
import { type SealedPayload, toSealedPayload } from './sealed-payload.ts';

/** Characters of one key in a `keys` message: KEY_TEXT_MAX of the WebSocket protocol. */
const KEY_TEXT_MAX = 512;
/** Characters of an ask: KEY_ASK_TEXT_MAX. */
const KEY_ASK_TEXT_MAX = 1_024;

const code = (wanted: string) => expect.objectContaining({ code: wanted });
const anyError = expect.objectContaining({ name: 'SealedError' });
const newPair = () => generateSigningKeyPair({ extractable: false });

let keeper: SigningKeyPair;
let place: AskPlace;
let own: AskKeys;
let roomKey: Bytes;
let memberKey: Bytes;
let keyId: string;

beforeAll(async () => {
  keeper = await newPair();
  place = { roomId: 'room_1', keeperKey: keeper.publicKey };
  own = await newAskKeys(await newPair());
  roomKey = randomKey();
  memberKey = randomKey();
  keyId = await roomKeyId(roomKey);
});

async function ask(): Promise<{ request: SealedPayload; mine: { hash: Uint8Array }; read: KeyAsk }> {
  const { request, hash } = await makeKeyAsk(own, place, keyId);
  return { request, mine: { hash }, read: await readKeyAsk(request, place) };
}

/** Every payload that differs from this one in one bit, is cut short by one byte or has one more. */
function* changed(payload: SealedPayload): Generator<SealedPayload> {
  const bytes = fromBase64Url(payload.bytes);
  for (let at = 0; at < bytes.length; at += 1) {
    const other = bytes.slice();
    other[at] = (other[at] ?? 0) ^ (1 << (at % 8));
    yield { ...payload, bytes: toBase64Url(other) };
  }
  yield { ...payload, bytes: toBase64Url(bytes.subarray(0, -1)) };
  yield { ...payload, bytes: toBase64Url(Uint8Array.of(...bytes, 0)) };
  yield { ...payload, keyId: `${payload.keyId.slice(0, -1)}${payload.keyId.endsWith('A') ? 'B' : 'A'}` };
  yield { ...payload, scheme: 'other-v1' };
}

test('a newcomer is given member key, room key and a certificate for its name', async () => {
  const { request, mine, read } = await ask();
  const grant = await sealGrant({ memberKey, roomKey }, read, 'room_1', keeper, 'pn_1');
  const opened = await openGrant(grant, own, mine, place, 'pn_1');
  expect([...opened.memberKey]).toEqual([...memberKey]);
  expect([...opened.roomKey]).toEqual([...roomKey]);
  expect(opened.certificate).toHaveLength(64);
  expect(grant.keyId).toBe(keyId);
  expect(grant.bytes.length).toBeLessThanOrEqual(KEY_TEXT_MAX);
  expect(request.bytes.length).toBeLessThanOrEqual(KEY_ASK_TEXT_MAX);
});

test('a guest is given the same without a certificate, and its grant is as long', async () => {
  const { mine, read } = await ask();
  const grant = await sealGrant({ memberKey, roomKey }, read, 'room_1', keeper);
  const opened = await openGrant(grant, own, mine, place);
  expect(opened.certificate).toBeUndefined();
  const named = await sealGrant({ memberKey, roomKey }, read, 'room_1', keeper, 'pn_1');
  expect(grant.bytes).toHaveLength(named.bytes.length);
});

test('no bit of an ask can be changed, nor its key, nor whom it is for', async () => {
  const { request } = await ask();
  for (const payload of changed(request)) await expect(readKeyAsk(payload, place)).rejects.toThrow(anyError);
  const other = { ...place, keeperKey: (await newPair()).publicKey };
  await expect(readKeyAsk(request, other)).rejects.toThrow(code('bad_signature'));
  await expect(readKeyAsk(request, { ...place, roomId: 'room_2' })).rejects.toThrow(code('bad_signature'));
});

test('no bit of a grant can be changed', async () => {
  const { mine, read } = await ask();
  const grant = await sealGrant({ memberKey, roomKey }, read, 'room_1', keeper, 'pn_1');
  for (const payload of changed(grant))
    await expect(openGrant(payload, own, mine, place, 'pn_1')).rejects.toThrow(anyError);
});

test('a grant opens for its ask, its asker, its name, its room and its keeper only', async () => {
  const { mine, read } = await ask();
  const grant = await sealGrant({ memberKey, roomKey }, read, 'room_1', keeper, 'pn_1');
  const later = await ask();
  const somebody = await newAskKeys(await newPair());
  const open = (keys: AskKeys, hash: { hash: Uint8Array }, at: AskPlace, name?: string) =>
    openGrant(grant, keys, hash, at, name);
  await expect(open(own, later.mine, place, 'pn_1')).rejects.toThrow(code('not_opened'));
  await expect(open(somebody, mine, place, 'pn_1')).rejects.toThrow(code('not_opened'));
  await expect(open(own, mine, { ...place, roomId: 'room_2' }, 'pn_1')).rejects.toThrow(code('not_opened'));
  await expect(open(own, mine, place, 'pn_2')).rejects.toThrow(code('bad_signature'));
  await expect(open(own, mine, place)).rejects.toThrow(code('bad_signature'));
  expect((await open(own, mine, place, 'pn_1')).certificate).toHaveLength(64);
});

test('a server that answers in the keeper’s place is not believed', async () => {
  const { mine, read } = await ask();
  const server = await newPair();
  const grant = await sealGrant({ memberKey, roomKey: randomKey() }, read, 'room_1', server, 'pn_1');
  await expect(openGrant(grant, own, mine, place, 'pn_1')).rejects.toThrow(code('not_opened'));
  // Sealed as if by the keeper, whose public key everybody knows, but not signed by it.
  const posing = { privateKey: server.privateKey, publicKey: keeper.publicKey };
  const posed = await sealGrant({ memberKey, roomKey: randomKey() }, read, 'room_1', posing, 'pn_1');
  await expect(openGrant(posed, own, mine, place, 'pn_1')).rejects.toThrow(code('bad_signature'));
  // Without a certificate to look at, what is left is the signature over the keys.
  const bare = await sealGrant({ memberKey, roomKey: randomKey() }, read, 'room_1', posing);
  await expect(openGrant(bare, own, mine, place)).rejects.toThrow(code('bad_signature'));
});

test('a keeper that gives one newcomer another key under the same id is found out', async () => {
  const { mine, read } = await ask();
  const suite = new CipherSuite({
    kem: new DhkemX25519HkdfSha256(),
    kdf: new HkdfSha256(),
    aead: new Aes256Gcm(),
  });
  const recipientPublicKey = await suite.kem.importKey('raw', new Uint8Array(read.sealingKey).buffer, true);
  const give = async (key: Bytes) => {
    const given = concat(memberKey, key, new Uint8Array(64));
    const ids = ['room_1', keyId];
    const signed = frame('nightjar/chat-grant/v1', ids, keeper.publicKey, read.hash, given);
    const info = frame('nightjar/chat-key/v1', ids, keeper.publicKey, read.hash);
    const plain = concat(given, await sign(keeper.privateKey, signed));
    const { enc, ct } = await suite.seal({ recipientPublicKey, info }, plain);
    const bytes = concat(Uint8Array.of(1), new Uint8Array(enc), new Uint8Array(ct));
    return openGrant(toSealedPayload('nightjar-key-v1', keyId, bytes), own, mine, place);
  };
  expect([...(await give(roomKey)).roomKey]).toEqual([...roomKey]);
  await expect(give(randomKey())).rejects.toThrow(code('malformed'));
});

test('a new room key comes wrapped under the member key, and opens under no other', async () => {
  const next = randomKey();
  const wrap = await wrapRoomKey(next, await importAesKey(memberKey), place);
  const key = await importAesKey(memberKey);
  expect([...(await unwrapRoomKey(wrap, key, place))]).toEqual([...next]);
  expect(wrap.bytes.length).toBeLessThanOrEqual(KEY_TEXT_MAX);
  for (const payload of changed(wrap))
    await expect(unwrapRoomKey(payload, key, place)).rejects.toThrow(anyError);
  await expect(unwrapRoomKey(wrap, await importAesKey(randomKey()), place)).rejects.toThrow(
    code('not_opened'),
  );
  await expect(unwrapRoomKey(wrap, key, { ...place, roomId: 'room_2' })).rejects.toThrow(code('not_opened'));
});

test('a wrapped key that is not the one its id names is refused', async () => {
  const key = await importAesKey(memberKey);
  const other = await roomKeyId(randomKey());
  const aad = frame('nightjar/chat-key-wrap/v1', ['room_1', other], keeper.publicKey);
  const bytes = concat(Uint8Array.of(1), await aesSeal(key, roomKey, aad));
  const payload = toSealedPayload('nightjar-key-wrap-v1', other, bytes);
  await expect(unwrapRoomKey(payload, key, place)).rejects.toThrow(code('malformed'));
});

test('a statement names its keeper, its number and its key, and nothing of it can be changed', async () => {
  const statement = await signStatement({ number: 7, keyId }, 'room_1', keeper);
  const read = await readStatement(statement, 'room_1');
  expect(read).toEqual({ publicKey: keeper.publicKey, number: 7, keyId });
  for (const payload of changed(statement))
    await expect(readStatement(payload, 'room_1')).rejects.toThrow(anyError);
  await expect(readStatement(statement, 'room_2')).rejects.toThrow(code('bad_signature'));
});

test.each([0, -1, 1.5, 2 ** 53, Number.NaN])('%p is no number of a statement', async (number) => {
  await expect(signStatement({ number, keyId }, 'room_1', keeper)).rejects.toThrow(code('malformed'));
});

test('a key’s id is the key’s: no other key passes under it', async () => {
  expect(await roomKeyId(roomKey)).toBe(keyId);
  const ids = new Set(await Promise.all(Array.from({ length: 50 }, () => roomKeyId(randomKey()))));
  expect(ids.size).toBe(50);
  await expect(roomKeyId(roomKey.subarray(1))).rejects.toThrow(code('malformed'));
  await expect(importAesKey(roomKey.subarray(1))).rejects.toThrow(code('malformed'));
});

test('a keeper’s code is six groups of digits, another one in each room and for each keeper', async () => {
  const mine = await keeperCode('room_1', keeper.publicKey);
  expect(mine).toMatch(/^([0-9]{5} ){5}[0-9]{5}$/);
  expect(await keeperCode('room_1', keeper.publicKey)).toBe(mine);
  expect(await keeperCode('room_2', keeper.publicKey)).not.toBe(mine);
  expect(await keeperCode('room_1', (await newPair()).publicKey)).not.toBe(mine);
});
