import { expect, test } from '@jest/globals';
import { portOf } from './port-table.ts';
import { SERVICES, type ServiceRow, startOrder } from './services.ts';
import { refuseUnknownSettings } from './settings.ts';

const row = (name: ServiceRow['name'], after: ServiceRow['after']): ServiceRow => ({
  name,
  after,
  ports: [],
  env: () => ({}),
});

test('a service starts after those that it waits for, and with those that it does not', () => {
  const rows = [row('events', ['payments', 'rooms']), row('payments', []), row('rooms', ['payments'])];
  expect(startOrder(rows).map((group) => group.map(({ name }) => name))).toEqual([
    ['payments'],
    ['rooms'],
    ['events'],
  ]);
});

test('one that is not started is not waited for', () => {
  expect(startOrder([row('events', ['payments'])])).toHaveLength(1);
});

test('services that wait for each other are refused', () => {
  expect(() => startOrder([row('events', ['rooms']), row('rooms', ['events'])])).toThrow('events, rooms');
});

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
