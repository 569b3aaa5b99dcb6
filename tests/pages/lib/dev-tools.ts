/** The DevTools protocol (https://chromedevtools.github.io/devtools-protocol), as far as tests here need it. */
import { once } from 'node:events';
import { WebSocket } from 'ws';

type Fields = Readonly<Record<string, unknown>>;

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Fields;
  readonly result?: Fields;
  readonly error?: { readonly message: string };
  readonly sessionId?: string;
}

interface Waiting {
  resolve(result: Fields): void;
  reject(error: Error): void;
}

/** A connection to a browser. */
export class DevTools implements Disposable {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners: ((message: Message) => void)[] = [];
  #lastId = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => this.#hear(JSON.parse(String(data)) as Message));
    socket.on('close', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('the browser is gone'));
      this.#waiting.clear();
    });
  }

  static async connect(address: string): Promise<DevTools> {
    const socket = new WebSocket(address);
    await once(socket, 'open');
    return new DevTools(socket);
  }

  async send<T = Fields>(method: string, params: Fields = {}, sessionId?: string): Promise<T> {
    this.#lastId += 1;
    const id = this.#lastId;
    const answer = new Promise<Fields>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#socket.send(JSON.stringify({ id, method, params, ...(sessionId ? { sessionId } : {}) }));
    return (await answer) as T;
  }

  async attach(targetId: string): Promise<DevToolsSession> {
    const { sessionId } = await this.send<{ sessionId: string }>('Target.attachToTarget', {
      targetId,
      flatten: true,
    });
    return new DevToolsSession(this, sessionId);
  }

  on(method: string, sessionId: string, listener: (params: Fields) => void): void {
    this.#listeners.push((message) => {
      if (message.method === method && message.sessionId === sessionId) listener(message.params ?? {});
    });
  }

  #hear(message: Message): void {
    if (message.id === undefined) {
      for (const listener of this.#listeners) listener(message);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.error === undefined) waiting?.resolve(message.result ?? {});
    else waiting?.reject(new Error(message.error.message));
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }
}

/** A session with one page or Worker. */
export class DevToolsSession {
  readonly #tools: DevTools;
  readonly #id: string;

  constructor(tools: DevTools, id: string) {
    this.#tools = tools;
    this.#id = id;
  }

  send<T = Fields>(method: string, params: Fields = {}): Promise<T> {
    return this.#tools.send<T>(method, params, this.#id);
  }

  on(method: string, listener: (params: Fields) => void): void {
    this.#tools.on(method, this.#id, listener);
  }

  /** The expression's value as JSON has it, awaited where it is a promise. */
  async evaluate<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = await this.send<{
      result: { value?: T };
      exceptionDetails?: { text: string; exception?: { description?: string } };
    }>('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails !== undefined)
      throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value as T;
  }

  /** Sessions with the Workers that the page has and will have. */
  async workers(onWorker: (worker: DevToolsSession) => void = () => {}): Promise<DevToolsSession[]> {
    const workers: DevToolsSession[] = [];
    this.#tools.on('Target.attachedToTarget', this.#id, ({ sessionId, targetInfo }) => {
      if ((targetInfo as { type: string }).type !== 'worker') return;
      const worker = new DevToolsSession(this.#tools, String(sessionId));
      workers.push(worker);
      onWorker(worker);
    });
    await this.send('Target.setAutoAttach', {
      autoAttach: true,
      waitForDebuggerOnStart: false,
      flatten: true,
    });
    return workers;
  }
}
