import { IdSchema } from '@nightjar/contracts/ws-schemas';
import { Type } from 'typebox';

export const TokensSchema = Type.String({
  pattern: '^(0|[1-9][0-9]*)$',
  description: 'tokens, as a decimal string',
});

export const WalletIdSchema = IdSchema('wallet');
export const TipIdSchema = IdSchema('tip');
export const WalletParams = Type.Object({ wallet: WalletIdSchema });

export const ProofHeaders = Type.Object({
  'nightjar-proof': Type.Optional(
    Type.String({
      description: "a compact JWS by the wallet's key over method, path and body; see packages/sealed",
    }),
  ),
});
