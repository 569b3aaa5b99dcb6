import type { MessageInitShape } from '@bufbuild/protobuf';
import { effectToProto } from '@nightjar/contracts/effect-proto';
import type { MenuSchema } from '@nightjar/contracts/gen/rooms/v1/rooms_pb';
import type { Menu } from '../domain/menu.ts';

/** A menu for the bus. */
export function menuToProto({ version, items }: Menu): MessageInitShape<typeof MenuSchema> {
  return {
    version,
    items: items.map(({ itemId, name, price, effect }) => ({
      itemId,
      name,
      price: BigInt(price),
      ...(effect ? { effect: effectToProto(effect) } : {}),
    })),
  };
}
