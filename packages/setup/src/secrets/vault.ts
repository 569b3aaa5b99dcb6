import { SetupError } from '../setup-error.ts';
import { CATALOGUE, ENTRY_NAMES, type EntryName, isEntryName, type Values } from './catalogue.ts';
import type { SecretRef, SecretStore } from './store.ts';

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
  const withPublic = withPublicHalves(values, given);
  const added = Object.entries(withPublic).filter(([name]) => !(name in values));
  if (added.length > 0) await store.add(ref, Object.fromEntries(added));
  return { values: withPublic, made: made.length + added.length };
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
 * that was exchanged joins those that are trusted already; former ones leave when somebody takes them out.
 */
function withPublicHalves(values: Values, given: Values): Values {
  const all: Partial<Record<EntryName, string>> = { ...values };
  for (const name of ENTRY_NAMES) {
    const { publicHalf } = CATALOGUE[name];
    if (!publicHalf) continue;
    const line = publicHalf.line(values[publicHalf.of] ?? '');
    const trusted = values[name] ?? '';
    if (trusted.split('\n').some((each) => each.trim() === line.trim())) continue;
    if (given[name] !== undefined)
      throw new SetupError(
        `the ${name} that were given do not have the public half of ${publicHalf.of}: add its line, or give both of one pair`,
      );
    all[name] = trusted === '' ? line : `${trusted.trimEnd()}\n${line}`;
  }
  return all;
}

async function read(store: SecretStore, ref: SecretRef): Promise<Values> {
  const kept = (await store.read(ref)) ?? {};
  const entries = Object.entries(kept).filter(([name]) => isEntryName(name)) as [EntryName, string][];
  const faults = entries.flatMap(([name, value]) => {
    const fault = CATALOGUE[name].fault(value.trim());
    return fault === undefined ? [] : [`${name}: ${fault}`];
  });
  if (faults.length > 0)
    throw new SetupError(
      `what is kept in ${ref.name} is damaged:\n  ${faults.join('\n  ')}\nBring it back from a backup, or take these keys out of it: they are made anew, and what was made with them is of no use any more`,
    );
  return Object.fromEntries(entries);
}
