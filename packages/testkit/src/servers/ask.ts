import { connect } from 'node:net';

/** Connects, says something if given, and reads until the answer has what is expected. */
export function askTcp(port: number, say: string, expect: RegExp, timeoutMs = 1_000): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' });
    let heard = '';
    const fail = (why: string) => {
      socket.destroy();
      reject(new Error(`${why}${heard === '' ? '' : ` after ${JSON.stringify(heard.slice(0, 200))}`}`));
    };
    socket.setTimeout(timeoutMs, () => fail(`no answer in ${timeoutMs} ms`));
    socket.once('error', (error) => fail(error.message));
    socket.once('close', () => fail('connection closed'));
    socket.once('connect', () => socket.write(say));
    socket.on('data', (data) => {
      heard += data.toString('latin1');
      if (!expect.test(heard)) return;
      socket.removeAllListeners('close');
      socket.destroy();
      resolve(heard);
    });
  });
}
