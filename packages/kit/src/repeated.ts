import { DirectMsgHeaders } from '@nats-io/jetstream';
import type { MsgHdrs } from '@nats-io/transport-node';

/**
 * Whether JetStream says this, out of a stream, and not a service. Whoever may read a stream can have what is stored there
 * sent to any subject, since NATS does not ask whether they may speak where the answer goes. So what only certain users
 * may say is not taken from JetStream.
 */
export function isRepeated(head: MsgHdrs | undefined): boolean {
  return head?.has(DirectMsgHeaders.Stream) ?? false;
}
