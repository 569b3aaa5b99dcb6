import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { expect, test } from '@jest/globals';
import { connectionsTo, inKernelsWords, remotesOf } from './open-sockets.ts';

test.each([
  ['127.0.0.1', 8080, ['0100007F:1F90', '0000000000000000FFFF00000100007F:1F90']],
  ['10.96.3.200', 80, ['C803600A:0050', '0000000000000000FFFF0000C803600A:0050']],
  ['::1', 443, ['00000000000000000000000001000000:01BB']],
  ['2001:db8::ff00:42:8329', 80, ['B80D01200000000000FF000029834200:0050']],
])('%s, port %d, in the words of the kernel', (address, port, words) => {
  expect(inKernelsWords(address, port)).toEqual(words);
});

test('what is open to one address is not counted for another with the same port', async () => {
  const stack = new AsyncDisposableStack();
  const open = async (host: string, port: number): Promise<number> => {
    const server = createServer((socket) => socket.on('error', () => {})).listen(port, host);
    await once(server, 'listening');
    stack.defer(() => void server.close());
    return (server.address() as AddressInfo).port;
  };
  const reach = async (host: string, port: number): Promise<Socket> => {
    const socket = connect({ host, port });
    await once(socket, 'connect');
    stack.defer(() => void socket.destroy());
    return socket;
  };
  const port = await open('127.0.0.1', 0);
  await open('127.0.0.2', port);
  await reach('127.0.0.1', port);
  await reach('127.0.0.1', port);
  await reach('127.0.0.2', port);
  const count = async (url: string) => connectionsTo(process.pid, await remotesOf(url));
  expect(await count(`http://127.0.0.1:${port}`)).toBe(2);
  expect(await count(`http://127.0.0.2:${port}/`)).toBe(1);
  expect(await count(`http://127.0.0.3:${port}`)).toBe(0);
  await stack.disposeAsync();
});

test('where a name leads nowhere nobody can tell', async () => {
  expect(connectionsTo(process.pid, await remotesOf('http://nowhere.invalid'))).toBeUndefined();
});
