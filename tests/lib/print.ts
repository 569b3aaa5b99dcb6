/** Lines for people, on standard error: standard output is for figures. */
export function say(text = ''): void {
  process.stderr.write(`${text}\n`);
}

export function row(ms: number | undefined, what: string): void {
  say(`${ms === undefined ? ''.padStart(9) : `${ms.toFixed(1).padStart(7)} ms`}  ${what}`);
}

export const oneDecimal = (ms: number): number => Math.round(ms * 10) / 10;
