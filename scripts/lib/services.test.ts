import { expect, test } from '@jest/globals';
import { portOf } from './port-table.ts';
import { SERVICES } from './services.ts';
import { refuseUnknownSettings } from './settings.ts';

test('every port of the table is another one', async () => {
  const names = SERVICES.flatMap(({ ports }) => ports.flatMap(({ http, internal }) => [http, internal]));
  const ports = await Promise.all(names.map((name) => portOf(name, 'fixed', {})));
  expect(new Set(ports.map(({ port }) => port)).size).toBe(names.length);
});

test('a setting moves a port, and nonsense in it is refused', async () => {
  expect(await portOf('auth', 'fixed', { NIGHTJAR_PORT_AUTH: '9001' })).toEqual({
    port: 9001,
    setting: 'NIGHTJAR_PORT_AUTH',
  });
  await expect(portOf('auth', 'fixed', { NIGHTJAR_PORT_AUTH: 'http' })).rejects.toThrow('NIGHTJAR_PORT_AUTH');
});

test('a misspelt setting is refused', () => {
  expect(() => refuseUnknownSettings({ NIGHTJAR_PROT_AUTH: '1' })).toThrow('NIGHTJAR_PROT_AUTH');
  expect(() => refuseUnknownSettings({ NIGHTJAR_PORT_AUTH: '1', HOME: '/' })).not.toThrow();
});
