/**
 * The floor's back process: what `payments` does on a tip's way, with nothing but the hops. NATS request → one committed
 * transaction → JetStream publish, and the answer. Settings come as one JSON argument; says when it is ready.
 */
import { jetstream } from '@nats-io/jetstream';
import { connect, type Msg } from '@nats-io/transport-node';
import { signIn } from '@nightjar/kit/nats';
import pg from 'pg';

const settings = JSON.parse(process.argv[2] ?? '{}') as { natsUrl: string; postgresUrl: string };

const nc = await connect(signIn(settings.natsUrl));
const js = jetstream(nc);
const pool = new pg.Pool({ connectionString: settings.postgresUrl, max: 10 });
await pool.query(
  'create table if not exists floor (id bigserial primary key, room text not null, body text not null)',
);

nc.subscribe('floor.tip', {
  queue: 'floor',
  callback: (_error, message) => void take(message),
});

async function take(message: Msg): Promise<void> {
  const text = message.string();
  const { room } = JSON.parse(text) as { room: string };
  await pool.query('insert into floor (room, body) values ($1, $2)', [room, text]);
  message.respond('{"t":"receipt"}');
  await js.publish('floor.evt.0', text);
}

process.stdout.write('{"ready":true}\n');
