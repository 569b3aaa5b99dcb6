/**
 * The floor's bridges: bare sockets, one a room, that say when a tip reached them. Says {tipId, ns} for each, by the clock
 * that all processes of a machine share.
 */
import WebSocket from 'ws';

const settings = JSON.parse(process.argv[2] ?? '{}') as { url: string; rooms: string[] };
let joined = 0;

for (const room of settings.rooms) {
  const ws = new WebSocket(settings.url, { perMessageDeflate: false });
  ws.on('open', () => ws.send(JSON.stringify({ t: 'join', room })));
  ws.on('message', (data) => {
    const ns = process.hrtime.bigint();
    const message = JSON.parse(String(data)) as { t: string; id: string };
    if (message.t === 'tip') process.send?.({ tipId: message.id, ns: String(ns) });
    else if (message.t === 'joined' && ++joined === settings.rooms.length) process.send?.({ ready: true });
  });
}
