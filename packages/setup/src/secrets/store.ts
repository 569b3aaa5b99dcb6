/** One Secret: where it is kept. */
export interface SecretRef {
  readonly name: string;
  /** Another namespace than the installation's own; a folder has no namespaces. */
  readonly namespace?: string;
}

/** Its keys and their values. */
export type SecretData = Readonly<Record<string, string>>;

/** Where Secrets are kept. Several programs may write at once: none undoes what another has added. */
export interface SecretStore {
  /** Undefined when there is no such Secret. */
  read(ref: SecretRef): Promise<SecretData | undefined>;
  /** Adds the keys that are not there, and changes none that is. */
  add(ref: SecretRef, data: SecretData): Promise<void>;
  /** Adds to each key's value a line, where it has none like it; a key that is not there begins with it. */
  addLines(ref: SecretRef, lines: SecretData): Promise<void>;
  /** Makes it hold what becomes of what it holds, and nothing else; writes only what differs, and says whether anything did. */
  put(ref: SecretRef, next: (held: SecretData) => SecretData): Promise<boolean>;
}

/** The lines of a value, each once, without those that are empty. */
export function linesOf(value: string): string[] {
  const lines = value.split('\n').map((line) => line.trim());
  return [...new Set(lines)].filter((line) => line !== '');
}

export function sameData(one: SecretData, other: SecretData): boolean {
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => one[key] === other[key]);
}
