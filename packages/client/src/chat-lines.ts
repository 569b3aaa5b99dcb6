import { LINES_KEPT } from './limits.ts';

/** Why a line cannot be read. */
export type Unreadable =
  /** Its key has not come yet: it is told again when it has. */
  | 'no_key'
  /** Said before we came in, under a key that we were never given. */
  | 'older'
  /** It is not what it says it is: changed on its way, or said by somebody else than the log names. */
  | 'forged';

export type ChatText = { readonly text: string } | { readonly unreadable: Unreadable };

/** A line of the chat. The same id is told again when it can be read after all. */
export type ChatLine = ChatText & {
  readonly id: string;
  /** Pseudonym. */
  readonly from: string;
  /** RFC 3339, the server's word. */
  readonly at: string;
  readonly mine: boolean;
  /** Said before we came in. */
  readonly past: boolean;
};

/** Lines in the log's order. A line that is told again keeps its place. */
export function linesAfter(lines: readonly ChatLine[], line: ChatLine): readonly ChatLine[] {
  const place = lines.findIndex(({ id }) => id === line.id);
  if (place >= 0) return lines.with(place, line);
  return [...lines, line].slice(-LINES_KEPT);
}

export function linesWithout(lines: readonly ChatLine[], id: string): readonly ChatLine[] {
  const rest = lines.filter((line) => line.id !== id);
  return rest.length === lines.length ? lines : rest;
}
