/**
 * What the sealed chat costs its keeper and its readers, beside one bare Ed25519 verification in the same run: CPU time,
 * one after the other. Run it with `node --conditions=nightjar-source packages/sealed/bench/chat.ts`.
 */
import { makeKeyAsk, newAskKeys, readKeyAsk } from '../src/chat-key-ask.ts';
import { openGrant, sealGrant } from '../src/chat-key-grant.ts';
import { unwrapRoomKey, wrapRoomKey } from '../src/chat-key-wrap.ts';
import { openLine, sealLine } from '../src/chat-line.ts';
import { certify, memberCheck } from '../src/chat-member.ts';
import { importAesKey, importRoomKey, randomKey, roomKeyId } from '../src/chat-room-key.ts';
import { generateSigningKeyPair, sign, verify } from '../src/keys.ts';

const roomId = 'room_0190a1b2-0000-7000-8000-000000000002';
const pseudonym = 'pn_4c1b1f5e-0000-4000-8000-000000000003';
const keeper = await generateSigningKeyPair({ extractable: false });
const place = { roomId, keeperKey: keeper.publicKey };
const raw = randomKey();
const member = randomKey();
const memberKey = await importAesKey(member);
const own = await newAskKeys(await generateSigningKeyPair({ extractable: false }));
const { request, hash } = await makeKeyAsk(own, place, await roomKeyId(raw));
const grant = await sealGrant(
  { memberKey: member, roomKey: raw },
  await readKeyAsk(request, place),
  roomId,
  keeper,
  pseudonym,
);
const wrap = await wrapRoomKey(raw, memberKey, place);
const roomKey = await importRoomKey(raw);
const signingKey = own.signing.publicKey;
const speaker = {
  key: own.signing,
  certificate: await certify({ roomId, pseudonym, signingKey }, keeper.privateKey),
};
const at = { roomId, id: 'msg_0190a1b2-0000-4000-8000-000000000005', from: pseudonym, kind: 'line' } as const;
const line = await sealLine('good evening, everybody', at, speaker, roomKey);
const check = memberCheck(keeper.publicKey);
const message = new Uint8Array(100);
const signature = await sign(keeper.privateKey, message);

const WORK: readonly (readonly [string, () => Promise<unknown>])[] = [
  ['one Ed25519 verification', () => verify(keeper.publicKey, message, signature)],
  ['member: seal a line', () => sealLine('good evening, everybody', at, speaker, roomKey)],
  ['member: open a line', () => openLine(line, at, roomKey, check)],
  ['member: make an ask', () => makeKeyAsk(own, place, roomKey.keyId)],
  ['member: open the grant', () => openGrant(grant, own, { hash }, place, pseudonym)],
  ['member: open a wrap', () => unwrapRoomKey(wrap, memberKey, place)],
  [
    'keeper: answer an ask',
    async () =>
      sealGrant(
        { memberKey: member, roomKey: raw },
        await readKeyAsk(request, place),
        roomId,
        keeper,
        pseudonym,
      ),
  ],
  ['keeper: wrap for one', () => wrapRoomKey(raw, memberKey, place)],
];

const ROUNDS = 500;
let bare = 0;
for (const [name, work] of WORK) {
  for (let i = 0; i < ROUNDS / 5; i += 1) await work();
  const before = process.cpuUsage();
  for (let i = 0; i < ROUNDS; i += 1) await work();
  const { user, system } = process.cpuUsage(before);
  const micros = (user + system) / ROUNDS;
  bare ||= micros;
  console.log(
    `${name.padEnd(26)} ${micros.toFixed(0).padStart(6)} µs   ${(micros / bare).toFixed(1).padStart(5)} ×`,
  );
}
console.log(
  `bytes, base64url: line ${line.bytes.length}, ask ${request.bytes.length}, grant ${grant.bytes.length}, wrap ${wrap.bytes.length}`,
);
