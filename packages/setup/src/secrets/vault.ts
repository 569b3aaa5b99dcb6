import { SetupError } from '../setup-error.ts';
import { CATALOGUE, ENTRY_NAMES, type EntryName, isEntryName, type Values } from './catalogue.ts';
import { linesOf, type SecretRef, type SecretStore } from './store.ts';

export interface FilledVault {
  readonly values: Values;
  /** How many entries were made just now. */
  readonly made: number;
}

/**
 * Makes what is neither there nor given, and answers what holds. Entries are made once: with several programs at it, all
 * take what the first one added.
 *
 * @throws SetupError when what is kept, or what is given, does not fit
 */
export async function fillVault(
  store: SecretStore,
  ref: SecretRef,
  given: Values,
  nowMs: number,
): Promise<FilledVault> {
  const kept = await read(store, ref);
  const made = await makeMissing({ ...kept, ...given }, nowMs);
  if (made.length > 0) await store.add(ref, Object.fromEntries(made));
  // What holds is what is kept now, which another program may have made.
  const values = { ...(made.length > 0 ? await read(store, ref) : kept), ...given };
  const lines = missingPublicHalves(values, given);
  const added = Object.keys(lines).length;
  if (added === 0) return { values, made: made.length };
  await store.addLines(ref, lines);
  return { values: { ...(await read(store, ref)), ...given }, made: made.length + added };
}

async function makeMissing(values: Values, nowMs: number): Promise<[EntryName, string][]> {
  const made: [EntryName, string][] = [];
  for (const name of ENTRY_NAMES) {
    const { make } = CATALOGUE[name];
    if (make && values[name] === undefined) made.push([name, await make(nowMs)]);
  }
  return made;
}

/**
 * Public keys are made from the private one that holds, so that two halves never come from two programs. A private key
 * that was exchanged joins those that are trusted already, in the vault: former ones leave when somebody takes them out there.
 */
function missingPublicHalves(values: Values, given: Values): Values {
  const missing: Partial<Record<EntryName, string>> = {};
  for (const name of ENTRY_NAMES) {
    const { publicHalf, fault } = CATALOGUE[name];
    if (!publicHalf) continue;
    const line = publicHalf.line(values[publicHalf.of] ?? '').trim();
    const trusted = linesOf(values[name] ?? '');
    if (trusted.includes(line)) continue;
    if (given[name] !== undefined)
      throw new SetupError(
        `the ${name} that were given do not have the public half of ${publicHalf.of}: add its line, or give both of one pair`,
      );
    if (fault([...trusted, line].join('\n')) !== undefined)
      throw new SetupError(
        `the public half of ${publicHalf.of} does not fit into ${name}: another key has its id, or there are as many as there may be. Take former lines out of ${name} in the vault`,
      );
    missing[name] = line;
  }
  return missing;
}

async function read(store: SecretStore, ref: SecretRef): Promise<Values> {
  const kept = Object.entries((await store.read(ref)) ?? {});
  const entries = kept.flatMap(([name, value]) =>
    isEntryName(name) ? [[name, tidy(name, value)] as const] : [],
  );
  const faults = entries.flatMap(([name, value]) => {
    const fault = CATALOGUE[name].fault(value);
    return fault === undefined ? [] : [`${name}: ${fault}`];
  });
  if (faults.length > 0)
    throw new SetupError(
      `what is kept in ${ref.name} is damaged:\n  ${faults.join('\n  ')}\nBring it back from a backup, or take these keys out of it: they are made anew, and what was made with them is of no use any more`,
    );
  return Object.fromEntries(entries);
}

/** Without what an editor or `echo` leaves behind a value, which would become a part of a password. */
function tidy(name: EntryName, value: string): string {
  return CATALOGUE[name].publicHalf ? linesOf(value).join('\n') : value.trim();
}
