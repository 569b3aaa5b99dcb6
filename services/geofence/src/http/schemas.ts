import { RULES_MAX, VALUES_MAX } from '@nightjar/fence/rules';
import { ProblemSchema } from '@nightjar/kit/http';
import { Type } from 'typebox';

export const RoomParams = Type.Object({
  room: Type.String({ maxLength: 128, description: "the room's id" }),
});

// Loose on purpose: the rules' own reader says which place is wrong, a schema would say that something is.
const RuleSchema = Type.Object({
  effect: Type.String({ description: 'allow or deny' }),
  kind: Type.String({
    description: 'country (ISO 3166-1), region (ISO 3166-2), range (CIDR), network (ASN) or anonymizer',
  }),
  values: Type.Optional(
    Type.Array(Type.Union([Type.String({ maxLength: 64 }), Type.Integer()]), {
      maxItems: VALUES_MAX,
      description: 'any of these matches; none for anonymizer',
    }),
  ),
});

const rules = {
  rules: Type.Array(RuleSchema, {
    maxItems: RULES_MAX,
    description: 'the first that matches decides; without any the room is open to all',
  }),
  otherwise: Type.Optional(
    Type.String({ description: 'allow or deny, for whom no rule matches; needed with rules' }),
  ),
  unknown: Type.Optional(
    Type.String({ description: 'allow or deny, for whom a missing fact leaves it open; default deny' }),
  ),
};

export const FenceBody = Type.Object(
  {
    ...rules,
    version: Type.Optional(
      Type.Integer({ minimum: 1, description: 'the version that you read; If-Match says the same' }),
    ),
  },
  { additionalProperties: false },
);

export const FenceView = Type.Object({
  roomId: Type.String(),
  version: Type.Integer({ description: 'counts up with each change; the ETag in quotes' }),
  ...rules,
});

export const ChangedView = Type.Object({
  ...FenceView.properties,
  published: Type.Boolean({
    description:
      'whether it is on its way to every place that decides, which takes well under a second; when false it gets there by itself, and the former rules hold until then',
  }),
});

export const IfMatch = Type.Object({
  'if-match': Type.Optional(Type.String({ maxLength: 32, description: 'the ETag that you read' })),
});

export const signedIn = [{ accessToken: [] }];
export const problemResponses = {
  400: ProblemSchema,
  401: ProblemSchema,
  403: ProblemSchema,
  404: ProblemSchema,
  503: ProblemSchema,
};
