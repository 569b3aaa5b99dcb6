/** What stands in the way of a line, if anything does. */
export type ChatState =
  | { readonly is: 'ready' }
  | { readonly is: 'joining' }
  /** Nobody has given us the room's key yet. */
  | { readonly is: 'waiting' }
  /** Another key than before says to keep the chat: a person has to look. */
  | { readonly is: 'keeper-changed'; readonly publicKey: Uint8Array }
  | { readonly is: 'silenced'; readonly untilMs: number }
  | { readonly is: 'closed'; readonly why: string };
