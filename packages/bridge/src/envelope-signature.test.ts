import { beforeAll, expect, test } from '@jest/globals';
import { type EnvelopeBody, signEnvelope, verifyEnvelope } from './envelope-signature.ts';
import { DEFAULT_ENVELOPE } from './machine/envelope.ts';
import { makeOutcomeKey, signOutcome } from './outcome.ts';
import { type SigningPair, signBytes } from './signed-bytes.ts';

const BODY: EnvelopeBody = {
  roomId: 'room_1',
  envelope: { ...DEFAULT_ENVELOPE, levelMax: 0.3, kinds: ['vibrate'] },
  signedAtMs: 1_700_000_000_000,
};

let key: SigningPair;
beforeAll(async () => {
  key = await makeOutcomeKey();
});

const decode = (text: string) => Buffer.from(text, 'base64url').toString();

test('the canonical bytes are these, for ever', async () => {
  expect(decode((await signEnvelope(key, BODY)).body)).toBe(
    'nightjar.envelope.v1\n["room_1",0.3,0.5,2,60000,1,0,["vibrate"],1700000000000]',
  );
});

test('what was signed is read back', async () => {
  expect(await verifyEnvelope(await signEnvelope(key, BODY), 'room_1', key.publicKey)).toEqual(BODY);
});

test('another hand, another room, another envelope and another kind of statement are refused', async () => {
  const signed = await signEnvelope(key, BODY);
  const other = await makeOutcomeKey();
  const bytes = (text: string) => new TextEncoder().encode(text);
  const outcome = await signOutcome(key, {
    ...{ roomId: 'room_1', tipId: 'tip_1', result: 'ran', ranMs: 5, durationMs: 5, atServerMs: 1 },
  });
  const louder = Buffer.from(decode(signed.body).replace('0.3', '1.0')).toString('base64url');
  for (const wrong of [
    await signEnvelope(other, BODY),
    { ...(await signEnvelope(other, BODY)), publicKey: signed.publicKey },
    await signEnvelope(key, { ...BODY, roomId: 'room_2' }),
    { ...signed, body: louder },
    outcome,
    // Well signed, and not what the machine takes, or not how it is written.
    await signBytes(key, bytes(decode(signed.body).replace('0.3', '3'))),
    await signBytes(key, bytes(decode(signed.body).replace('0.3', '0.30'))),
    await signBytes(key, bytes(decode(signed.body).replace('vibrate', 'inflate'))),
    { body: '', signature: '', publicKey: '' },
  ]) {
    expect(await verifyEnvelope(wrong, 'room_1', key.publicKey)).toBeUndefined();
  }
});

test('what the machine would not take is not signed', async () => {
  const envelope = { ...DEFAULT_ENVELOPE, levelMax: 2 };
  await expect(signEnvelope(key, { ...BODY, envelope })).rejects.toThrow(RangeError);
});
