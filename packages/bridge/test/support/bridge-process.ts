/** Run as a program: an armed bridge on the engine at the given URL, with one long effect. A test freezes or kills it. */
import { intifaceDriver } from '../../src/drivers/intiface.ts';
import { memoryStore } from '../../src/journal.ts';
import { makeOutcomeKey } from '../../src/outcome.ts';
import { startBridge } from '../../src/run.ts';
import { LocalLink } from './local-link.ts';

const [url = ''] = process.argv.slice(2);
const link = new LocalLink();
const bridge = startBridge({
  roomId: 'room_1',
  driver: intifaceDriver({ url }),
  link,
  journal: memoryStore(),
  key: await makeOutcomeKey(),
  onView: ({ arm }) => console.log(JSON.stringify(arm)),
});
link.up();
bridge.arm();
link.tip('tip_1', 50_000);
