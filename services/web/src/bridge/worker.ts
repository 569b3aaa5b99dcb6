/** The Worker's entry. Machine, events socket and Intiface socket live here: a hidden tab's timers would not do. */
import { type FromWorker, readToWorker } from './messages.ts';
import { WorkerBridge } from './worker-bridge.ts';

/** What is used of a dedicated Worker's global scope; a page's types do not have it. */
interface WorkerScope extends EventTarget {
  postMessage(message: FromWorker): void;
  close(): void;
}

const scope = self as unknown as WorkerScope;
const bridge = new WorkerBridge((message) => {
  scope.postMessage(message);
  if (message.is === 'ended') scope.close();
});
scope.addEventListener('message', (event) => {
  const message = readToWorker((event as MessageEvent<unknown>).data);
  if (message !== undefined) bridge.hear(message);
});
for (const fault of ['error', 'unhandledrejection']) scope.addEventListener(fault, () => bridge.fault());
