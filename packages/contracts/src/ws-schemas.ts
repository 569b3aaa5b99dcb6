/** The client's half of the WebSocket protocol as schemas, for the server's border. */
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import {
  EFFECT_MS_MAX,
  EFFECT_POINTS_MAX,
  EFFECT_REPEAT_MS_MIN,
  type Effect,
  LEVEL_MAX,
  OUTPUT_KINDS,
} from './effect.ts';
import type { ClientMessage, MenuItem } from './ws-protocol.ts';

/** Limits of single fields; a frame's own limit is WS_FRAME_BYTES_MAX. */
export const SEALED_TEXT_MAX = 8_192;
export const AMOUNT_DIGITS_MAX = 12;
/** Keys in one `keys` message, so that it fits into a frame; see KEY_TEXT_MAX. */
export const KEYS_MAX = 24;
/** Characters of one sealed key in a `keys` message. */
export const KEY_TEXT_MAX = 512;
/** Characters of a `key-ask`: many come at once to one broadcaster's socket. */
export const KEY_ASK_TEXT_MAX = 1_024;

const strict = { additionalProperties: false } as const;
const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[47][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}';

/** A prefixed id such as `tip_0190…`. */
export function IdSchema(prefix: string) {
  return Type.String({ pattern: `^${prefix}_${UUID}$`, description: `${prefix}_ and a UUID` });
}

export const AmountSchema = Type.String({
  pattern: `^[1-9][0-9]{0,${AMOUNT_DIGITS_MAX - 1}}$`,
  description: 'tokens, a positive integer as a decimal string',
});

function sealedSchema(charactersMax: number) {
  return Type.Object(
    {
      scheme: Type.String({ minLength: 1, maxLength: 64 }),
      keyId: Type.String({ minLength: 1, maxLength: 64 }),
      bytes: Type.String({ pattern: '^[A-Za-z0-9_-]*$', maxLength: charactersMax }),
    },
    strict,
  );
}

export const SealedSchema = sealedSchema(SEALED_TEXT_MAX);

export const EffectSchema = Type.Object(
  {
    output: Type.Enum(OUTPUT_KINDS),
    durationMs: Type.Integer({ minimum: 1, maximum: EFFECT_MS_MAX }),
    points: Type.Array(
      Type.Object(
        {
          atMs: Type.Integer({ minimum: 0, maximum: EFFECT_MS_MAX }),
          level: Type.Integer({ minimum: 0, maximum: LEVEL_MAX }),
        },
        strict,
      ),
      { minItems: 1, maxItems: EFFECT_POINTS_MAX },
    ),
    repeatMs: Type.Optional(Type.Integer({ minimum: EFFECT_REPEAT_MS_MIN, maximum: EFFECT_MS_MAX })),
  },
  strict,
);

export const MenuItemSchema = Type.Object(
  {
    itemId: Type.String({ pattern: '^[a-z0-9-]{1,40}$' }),
    name: Type.String({ minLength: 1, maxLength: 60 }),
    price: AmountSchema,
    effect: Type.Optional(EffectSchema),
  },
  strict,
);

const Base64url = Type.String({ pattern: '^[A-Za-z0-9_-]+$', maxLength: 2_048 });
const Counter = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const TipId = IdSchema('tip');
const Trace = Type.Optional(Type.String({ pattern: '^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$' }));

const MESSAGES = {
  hello: Type.Object(
    {
      t: Type.Literal('hello'),
      ticket: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }),
      resume: Type.Optional(Type.Object({ epoch: Type.String({ maxLength: 64 }), offset: Counter }, strict)),
    },
    strict,
  ),
  ping: Type.Object({ t: Type.Literal('ping'), n: Counter }, strict),
  chat: Type.Object({ t: Type.Literal('chat'), id: IdSchema('msg'), body: SealedSchema }, strict),
  'key-ask': Type.Object(
    { t: Type.Literal('key-ask'), id: IdSchema('ask'), request: sealedSchema(KEY_ASK_TEXT_MAX) },
    strict,
  ),
  keys: Type.Object(
    {
      t: Type.Literal('keys'),
      id: IdSchema('keys'),
      keys: Type.Array(
        Type.Object(
          {
            to: Type.String({ pattern: '^[A-Za-z0-9_-]{16,64}$' }),
            key: sealedSchema(KEY_TEXT_MAX),
          },
          strict,
        ),
        { minItems: 1, maxItems: KEYS_MAX },
      ),
    },
    strict,
  ),
  keeper: Type.Object({ t: Type.Literal('keeper'), id: IdSchema('msg'), statement: SealedSchema }, strict),
  strike: Type.Object({ t: Type.Literal('strike'), id: IdSchema('msg'), lineId: IdSchema('msg') }, strict),
  tip: Type.Object(
    {
      t: Type.Literal('tip'),
      id: TipId,
      amount: AmountSchema,
      itemId: Type.Optional(Type.String({ pattern: '^[a-z0-9-]{1,40}$' })),
      order: SealedSchema,
      note: Type.Optional(SealedSchema),
      trace: Trace,
    },
    strict,
  ),
  seat: Type.Object({ t: Type.Literal('seat'), take: Type.Boolean() }, strict),
  permit: Type.Object({ t: Type.Literal('permit'), n: Counter }, strict),
  progress: Type.Object(
    {
      t: Type.Literal('progress'),
      tipId: TipId,
      state: Type.Union([Type.Literal('queued'), Type.Literal('running'), Type.Literal('paused')]),
      trace: Trace,
    },
    strict,
  ),
  outcome: Type.Object(
    {
      t: Type.Literal('outcome'),
      tipId: TipId,
      outcome: Type.Object({ body: Base64url, signature: Base64url, publicKey: Base64url }, strict),
      trace: Trace,
    },
    strict,
  ),
} as const;

type Checked = { [K in keyof typeof MESSAGES]: Static<(typeof MESSAGES)[K]> }[keyof typeof MESSAGES];
type Equal<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
// The compiler holds the hand-written protocol and the schemas together.
const same: [
  Equal<Checked, Mutable<ClientMessage>>,
  Equal<Static<typeof EffectSchema>, Mutable<Effect>>,
  Equal<Static<typeof MenuItemSchema>, Mutable<MenuItem>>,
] = [true, true, true];
void same;
type Mutable<T> = T extends readonly (infer E)[]
  ? Mutable<E>[]
  : T extends object
    ? { -readonly [K in keyof T]: Mutable<T[K]> }
    : T;

const checks = new Map(Object.entries(MESSAGES).map(([t, schema]) => [t, Compile(schema)]));

export type ParsedFrame =
  | { ok: true; message: ClientMessage }
  | { ok: false; code: 'malformed_message' | 'unknown_message'; id?: string };

/** Parses and checks one frame. Never throws; what is wrong with it is said by a code. */
export function parseClientMessage(text: string): ParsedFrame {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, code: 'malformed_message' };
  }
  if (typeof value !== 'object' || value === null || !('t' in value) || typeof value.t !== 'string') {
    return { ok: false, code: 'malformed_message' };
  }
  const id = 'id' in value && typeof value.id === 'string' && value.id.length <= 64 ? { id: value.id } : {};
  const check = checks.get(value.t);
  if (!check) return { ok: false, code: 'unknown_message', ...id };
  if (!check.Check(value)) return { ok: false, code: 'malformed_message', ...id };
  return { ok: true, message: value as unknown as ClientMessage };
}
