/** What the operator says of this installation, for its pages. */
export interface Site {
  readonly name: string;
  /** The age that a person confirms before a picture is shown; undefined where nobody is asked. */
  readonly ageConfirmation?: number;
}

const UNKNOWN: Site = { name: 'Nightjar' };

let asked: Promise<Site> | undefined;

/** Asked once a page. A door that does not say has nothing to say. */
export function site(): Promise<Site> {
  asked ??= load();
  return asked;
}

async function load(): Promise<Site> {
  try {
    const response = await fetch('/site.json');
    if (!response.ok) return UNKNOWN;
    const value = (await response.json()) as { name?: unknown; ageConfirmation?: unknown };
    return {
      name: typeof value.name === 'string' && value.name !== '' ? value.name : UNKNOWN.name,
      ...(typeof value.ageConfirmation === 'number' && value.ageConfirmation > 0
        ? { ageConfirmation: value.ageConfirmation }
        : {}),
    };
  } catch {
    return UNKNOWN;
  }
}
