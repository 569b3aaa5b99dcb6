import websocket from '@fastify/websocket';
import { CLOSE, WS_HELLO_TIMEOUT_MS, WS_IDLE_MS_MAX, WS_SUBPROTOCOL } from '@nightjar/contracts/ws-protocol';
import type { Http } from '@nightjar/kit/http';
import type { Context } from '../context.ts';
import { problem } from '../errors.ts';
import { FRAME_BYTES_HARD_MAX, SOCKET_CLOSE_MS_MAX, SOCKETS_MAX } from '../limits.ts';
import { Session, type Wire } from '../live/session.ts';

/** An option of ws that its types do not have yet. */
const CLOSING = { closeTimeout: SOCKET_CLOSE_MS_MAX };

/** `GET /v1/socket`: the WebSocket of protocol v1. Nothing is known of the caller before its `hello`. */
export async function socket(app: Http, context: Context, sessions: Set<Session>): Promise<void> {
  await app.register(websocket, {
    options: {
      maxPayload: FRAME_BYTES_HARD_MAX,
      ...CLOSING,
      // Frames are small and many are sealed: compressing them costs more than it saves.
      perMessageDeflate: false,
      handleProtocols: (offered: Set<string>) => (offered.has(WS_SUBPROTOCOL) ? WS_SUBPROTOCOL : false),
    },
  });
  app.get(
    '/v1/socket',
    {
      websocket: true,
      preValidation: async () => {
        if (context.drain.going || sessions.size >= SOCKETS_MAX) throw problem('server_full');
      },
    },
    (ws, request) => {
      const wire: Wire = {
        send: (frame) => ws.send(frame, { binary: false }),
        close: (reason) => ws.close(CLOSE[reason].code, reason),
        get buffered() {
          return ws.bufferedAmount;
        },
      };
      const session = new Session(context, wire, {
        facts: context.factsOf(request),
        edge: request.facts?.edge,
      });
      sessions.add(session);
      let idle = setTimeout(() => session.close('helloTimeout'), WS_HELLO_TIMEOUT_MS);
      ws.on('message', (data, isBinary) => {
        clearTimeout(idle);
        idle = setTimeout(() => ws.terminate(), WS_IDLE_MS_MAX);
        if (isBinary) session.close('badMessage');
        else session.receive(String(data));
      });
      ws.on('close', () => {
        clearTimeout(idle);
        sessions.delete(session);
        session.ended();
      });
      // An error is always followed by close; unhandled it would end the process.
      ws.on('error', () => {});
    },
  );
}
