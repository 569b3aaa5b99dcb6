import { expect, test } from '@jest/globals';
import type { BackupState } from '@nightjar/client/browser/key-database';
import { readKeyCode, toKeyCode } from '@nightjar/client/key-code';
import { BackupModel } from './backup-model.ts';

const CODE = toKeyCode(new Uint8Array(32).fill(7));

function backup(state: BackupState) {
  const keys = { state, restored: [] as string[] };
  const model = new BackupModel(
    {
      backupState: async () => keys.state,
      async backup() {
        if (keys.state === 'nothing') keys.state = 'possible';
        return keys.state === 'possible' ? CODE : undefined;
      },
      async forgetSecret() {
        keys.state = 'done';
      },
      async restore(code) {
        keys.restored.push(code);
        keys.state = 'done';
      },
    },
    readKeyCode,
  );
  return { model, keys };
}

test('the secret goes only when the person has shown that the code is on paper', async () => {
  const { model, keys } = backup('possible');
  await model.open();
  await model.show();
  expect(model.backup.current).toEqual({ is: 'shown', groups: CODE.split(' '), mistaken: false });
  expect(await model.have('0000')).toBe(false);
  expect(model.backup.current).toMatchObject({ is: 'shown', mistaken: true });
  expect(keys.state).toBe('possible');
  expect(await model.have(` ${CODE.split(' ').at(-1)?.toLowerCase()} `)).toBe(true);
  expect(model.backup.current).toEqual({ is: 'done' });
});

test('a code that was put away can be shown again', async () => {
  const { model } = backup('nothing');
  await model.open();
  await model.show();
  model.hide();
  expect(model.backup.current).toEqual({ is: 'possible' });
});

test('when another tab has finished the backup no code is shown', async () => {
  const { model, keys } = backup('possible');
  await model.open();
  keys.state = 'done';
  await model.show();
  expect(model.backup.current).toEqual({ is: 'done' });
});

test('a typing error is told before anything is replaced', async () => {
  const { model, keys } = backup('nothing');
  await model.open();
  await model.restore(CODE.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')));
  expect(model.restoring.current).toMatchObject({
    is: 'ready',
    title: expect.stringContaining('typing error'),
  });
  await model.restore(CODE.slice(0, 30));
  expect(model.restoring.current).toMatchObject({
    is: 'ready',
    title: expect.stringContaining('not complete'),
  });
  expect(keys.restored).toEqual([]);
});

test('a browser without keys takes the code at once; one with keys asks first', async () => {
  const fresh = backup('nothing');
  await fresh.model.open();
  await fresh.model.restore(CODE);
  expect(fresh.model.restoring.current).toEqual({ is: 'restored' });
  const used = backup('possible');
  await used.model.open();
  await used.model.restore(CODE);
  expect(used.model.restoring.current).toEqual({ is: 'sure', code: CODE });
  expect(used.keys.restored).toEqual([]);
  await used.model.sure();
  expect(used.keys.restored).toEqual([CODE]);
  expect(used.model.backup.current).toEqual({ is: 'done' });
});

test('a browser that keeps nothing is said so', async () => {
  const model = new BackupModel(
    {
      backupState: async () => {
        throw new DOMException('no storage', 'SecurityError');
      },
      backup: async () => undefined,
      forgetSecret: async () => {},
      restore: async () => {},
    },
    readKeyCode,
  );
  await model.open();
  expect(model.backup.current).toEqual({ is: 'keeps-nothing' });
});
