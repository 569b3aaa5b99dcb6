/** Lines for people, or with --json one object a line for programs. */
export interface Printer {
  /** @param text for people; `undefined` where there is nothing that they need to read */
  say(text: string | undefined, object: Record<string, unknown>): void;
}

export function printer(json: boolean, write: (line: string) => void): Printer {
  return {
    say(text, object) {
      if (json) write(`${JSON.stringify(object, plain)}\n`);
      else if (text !== undefined) write(`${text}\n`);
    },
  };
}

/** Amounts are decimal strings in JSON, as on the wire. */
function plain(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}` : value;
}

export function tokens(amount: bigint | string): string {
  return `${amount} ${BigInt(amount) === 1n ? 'token' : 'tokens'}`;
}
