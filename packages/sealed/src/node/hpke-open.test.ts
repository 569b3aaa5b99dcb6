import { Aes128Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hpkeOpen, hpkeRecipient } from './hpke-open.ts';

const hex = (text: string) => new Uint8Array(Buffer.from(text, 'hex'));
const notOpened = expect.objectContaining({ code: 'not_opened' });

// RFC 9180 appendix A.1.1, sequence number 0.
const rfc = {
  info: hex('4f6465206f6e2061204772656369616e2055726e'),
  skRm: hex('4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8'),
  pkRm: hex('3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d'),
  enc: hex('37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431'),
  aad: hex('436f756e742d30'),
  pt: hex('4265617574792069732074727574682c20747275746820626561757479'),
  ct: hex('f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a'),
};

test('opens the message of RFC 9180 A.1.1', () => {
  const recipient = hpkeRecipient(rfc.skRm, rfc.info);
  expect([...recipient.publicKey]).toEqual([...rfc.pkRm]);
  expect([...hpkeOpen(recipient, Uint8Array.of(...rfc.enc, ...rfc.ct), rfc.aad)]).toEqual([...rfc.pt]);
});

test('any flipped bit is refused', () => {
  const recipient = hpkeRecipient(rfc.skRm, rfc.info);
  const sealed = Uint8Array.of(...rfc.enc, ...rfc.ct);
  for (let bit = 0; bit < sealed.length * 8; bit += 1) {
    // RFC 7748 section 5: X25519 ignores the top bit of a public key; HPKE's transcript does not.
    const altered = Uint8Array.from(sealed);
    altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(() => hpkeOpen(recipient, altered, rfc.aad)).toThrow(notOpened);
  }
  for (let bit = 0; bit < rfc.aad.length * 8; bit += 1) {
    const altered = Uint8Array.from(rfc.aad);
    altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(() => hpkeOpen(recipient, sealed, altered)).toThrow(notOpened);
  }
});

test('short input, a key share of small order and another info are refused', () => {
  const recipient = hpkeRecipient(rfc.skRm, rfc.info);
  const sealed = Uint8Array.of(...rfc.enc, ...rfc.ct);
  for (const length of [0, 31, 32, 47, 48]) {
    expect(() => hpkeOpen(recipient, sealed.subarray(0, length), rfc.aad)).toThrow(notOpened);
  }
  expect(() => hpkeOpen(recipient, Uint8Array.of(...new Uint8Array(32), ...rfc.ct), rfc.aad)).toThrow(
    notOpened,
  );
  expect(() => hpkeOpen(hpkeRecipient(rfc.skRm, rfc.aad), sealed, rfc.aad)).toThrow(notOpened);
});

test('opens what @hpke/core seals, whatever the sizes', async () => {
  const suite = new CipherSuite({
    kem: new DhkemX25519HkdfSha256(),
    kdf: new HkdfSha256(),
    aead: new Aes128Gcm(),
  });
  const recipientPublicKey = await suite.kem.importKey('raw', rfc.pkRm.slice().buffer, true);
  const bytes = fc.uint8Array({ maxLength: 700 });
  await fc.assert(
    fc.asyncProperty(bytes, bytes, bytes, async (info, aad, plain) => {
      const sealed = await suite.seal({ recipientPublicKey, info }, plain, aad);
      const joined = Uint8Array.of(...new Uint8Array(sealed.enc), ...new Uint8Array(sealed.ct));
      expect([...hpkeOpen(hpkeRecipient(rfc.skRm, info), joined, aad)]).toEqual([...plain]);
    }),
    { numRuns: 30 },
  );
});
