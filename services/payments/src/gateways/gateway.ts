/** An event as a gateway sent it: kept once, word for word, before anything is done about it. */
export interface RawEvent {
  readonly gateway: string;
  readonly bytes: Uint8Array;
}

/** What a verified event says. */
export interface GatewayEvent {
  /** The gateway's own id of the event: the same event again has the same. */
  readonly eventId: string;
  readonly kind: 'paid';
  readonly purchaseId: string;
  /** Tokens. */
  readonly amount: bigint;
}

/** A way to pay. An adapter knows its gateway and nothing of wallets or the ledger. */
export interface Gateway {
  readonly name: string;
  /**
   * Begins a purchase. A gateway that is paid at once answers its event; for others it comes later. The same purchase
   * again begins nothing new.
   */
  begin(purchase: { readonly purchaseId: string; readonly amount: bigint }): Promise<RawEvent | undefined>;
  /** Verifies an event and reads it; undefined when it is not this gateway's word. */
  read(event: RawEvent): GatewayEvent | undefined;
}
