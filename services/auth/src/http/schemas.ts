import { Type } from 'typebox';

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';

export const PublicKeySchema = Type.String({
  pattern: '^[A-Za-z0-9_-]{43}$',
  description: 'a raw Ed25519 public key, base64url',
});

export const ChallengeSchema = Type.String({
  pattern: '^[A-Za-z0-9_-]{43}$',
  description: 'as POST /v1/auth/challenges gave it; good for one use within 60 s',
});

export const SignatureSchema = Type.String({
  pattern: '^[A-Za-z0-9_-]{86}$',
  description: 'an Ed25519 signature, base64url',
});

export const AudienceSchema = Type.String({
  pattern: `^(auth|rooms|payments|geofence|room:room_${UUID})$`,
  description: 'where the access token will be good: auth, rooms, payments, geofence, or room: and a room id',
});
