import { Identity } from '@nightjar/client/identity';
import type { KeyStore } from '@nightjar/client/key-store';
import { Wallet } from '@nightjar/client/wallet';
import { endpoints, http } from '../lib/backend.ts';
import { keysHere } from '../lib/kept-here.ts';

/** Who acts: two keys of this browser that have nothing to do with each other. */
export interface Person {
  readonly keys: KeyStore;
  readonly identity: Identity;
  readonly wallet: Wallet;
}

const KNOWN = 'nightjar-has-acted';

/** Whether somebody has acted from this browser before, so that the page may come in as them without being asked. */
export function hasActed(): boolean {
  try {
    return localStorage.getItem(KNOWN) !== null;
  } catch {
    return false;
  }
}

let person: Person | undefined;

/** The person at this browser, from their first act on. */
export function actingPerson(): Person {
  if (person) return person;
  const keys = keysHere();
  person = {
    keys,
    identity: new Identity({ endpoints, http, keys }),
    wallet: new Wallet({ endpoints, http, keys }),
  };
  try {
    localStorage.setItem(KNOWN, '1');
  } catch {
    // A browser that keeps nothing: the next visit is a first one.
  }
  return person;
}

/** After the keys are gone: the next act is somebody new's. */
export function forgetPerson(): void {
  person = undefined;
}
