import { prefer, readPreferences } from '../lib/preferences.ts';
import { actingPerson, forgetPerson, hasActed } from '../room/person.ts';
import { openHistory } from '../wallet/history-database.ts';
import type { Step } from './disappear-model.ts';
import { forgetDatabases, forgetMarks } from './forget-browser.ts';
import { forgetRooms } from './rooms-known.ts';

/** What disappearing does, at the server and in this browser. Each step may be done again. */
export const disappearSteps: Readonly<Record<Step, () => Promise<void>>> = {
  async account() {
    // Without an act there is no account, and asking for its end would first make a key.
    if (hasActed()) await actingPerson().identity.disappear();
  },
  async keys() {
    // Other tabs forget what they show of it.
    await openHistory().forgetAll();
    await forgetDatabases();
    forgetPerson();
  },
  async lists() {
    forgetRooms();
    prefer(readPreferences(null));
    forgetMarks();
  },
};
