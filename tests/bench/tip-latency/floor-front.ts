/**
 * The floor's front process: what `events` does on a tip's way, with nothing but the hops. WebSocket → NATS request;
 * JetStream → Redis function → channel → WebSocket. Settings come as one JSON argument; says its port on standard output.
 */
import { AckPolicy, type JsMsg, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { signIn } from '@nightjar/kit/nats';
import { Redis } from 'ioredis';
import { type WebSocket, WebSocketServer } from 'ws';

const settings = JSON.parse(process.argv[2] ?? '{}') as { natsUrl: string; redisUrl: string };

const LIBRARY = `#!lua name=floor
redis.register_function('floor_append', function(keys, args)
  redis.call('XADD', keys[1], 'MAXLEN', '~', 1000, '*', 'e', args[2])
  redis.call('SPUBLISH', args[1], args[2])
  return 1
end)`;

const nc = await connect(signIn(settings.natsUrl));
const redis = new Redis(settings.redisUrl, { enableAutoPipelining: true });
const subscriber = new Redis(settings.redisUrl);
await redis.function('LOAD', 'REPLACE', LIBRARY);

const manager = await jetstreamManager(nc);
await manager.streams.add({ name: 'FLOOR', subjects: ['floor.evt.*'] });
await manager.consumers.add('FLOOR', { durable_name: 'front', ack_policy: AckPolicy.Explicit });

const members = new Map<string, Set<WebSocket>>();
subscriber.on('smessage', (channel: string, frame: string) => {
  for (const ws of members.get(channel) ?? []) ws.send(frame);
});

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
server.on('connection', (ws) => {
  ws.on('message', async (data) => {
    const text = String(data);
    const message = JSON.parse(text) as { t: string; room: string };
    const channel = `{${message.room}}:floor`;
    if (message.t === 'join') {
      const room = members.get(channel) ?? new Set();
      members.set(channel, room.add(ws));
      await subscriber.ssubscribe(channel);
      ws.send('{"t":"joined"}');
    } else {
      const receipt = await nc.request('floor.tip', text, { timeout: 5_000 });
      ws.send(receipt.string());
    }
  });
});

const consumer = await jetstream(nc).consumers.get('FLOOR', 'front');
await consumer.consume({
  callback: (message) => void take(message),
});

async function take(message: JsMsg): Promise<void> {
  const text = message.string();
  const { room } = JSON.parse(text) as { room: string };
  await redis.fcall('floor_append', 1, `{${room}}:floor-log`, `{${room}}:floor`, text);
  message.ack();
}

const address = server.address();
process.stdout.write(`${JSON.stringify({ port: typeof address === 'object' ? address?.port : 0 })}\n`);
