import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { expect, test } from '@jest/globals';
import { silentLog } from '@nightjar/kit/log';
import { start } from '../server/service.ts';
import { configFor, DOCUMENTS, folderWith, webUnderTest } from './web-under-test.ts';

test('it is ready when it serves, and says what it did', async () => {
  await using ground = await webUnderTest();
  const health = (name: string) => fetch(`${ground.web.urls.internal}/${name}`);
  expect((await health('health/ready')).status).toBe(200);
  expect((await health('health/live')).status).toBe(200);
  await ground.ask('/index.html');
  expect(await (await health('metrics')).text()).toMatch(/nightjar_http_ms_count\{[^}]*route="\/\*"/);
  // Health is not for the public side.
  expect((await ground.ask('/health/ready')).status).toBe(404);
});

test('who asks for a file that is not there is let go, and gets to another pod by asking again', async () => {
  await using ground = await webUnderTest();
  const agent = new Agent({ keepAlive: true });
  const asked = async (target: string) => (await ground.ask(target, { agent })).headers.connection;
  expect([await asked('/index.html'), await asked('/assets/of-another-build.js')]).toEqual([
    'keep-alive',
    'close',
  ]);
  agent.destroy();
});

test('an answer that is under way is finished, and whoever asks anew is sent elsewhere', async () => {
  const bytes = Buffer.alloc(8 * 1024 * 1024, 'x');
  await using folder = await folderWith({ ...DOCUMENTS, 'large.txt': bytes });
  const web = await start(configFor(folder.path), { log: silentLog });
  const agent = new Agent({ keepAlive: true });
  const asked = request(web.urls.http, { path: '/large.txt', agent }).end();
  const [response] = await once(asked, 'response');
  // Nothing is read of it yet: more is on its way than a socket holds.
  const idle = request(web.urls.http, { path: '/index.html', agent }).end();
  const [other] = await once(idle, 'response');
  await other.toArray();
  const going = web[Symbol.asyncDispose]();
  const anew = request(web.urls.http, { path: '/index.html', agent }).end();
  const [refused] = await once(anew, 'response');
  expect([refused.statusCode, refused.headers.connection]).toEqual([503, 'close']);
  await refused.toArray();
  expect(Buffer.concat(await response.toArray()).equals(bytes)).toBe(true);
  await going;
  await expect(fetch(web.urls.http)).rejects.toThrow();
  agent.destroy();
});
