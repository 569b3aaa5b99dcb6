import { expect, test } from '@jest/globals';
import type { Fence } from '@nightjar/client/fences';
import { ProblemError } from '@nightjar/client/problem-error';
import { FenceModel } from './fence-model.ts';

/** A geofence of one room, which holds its versions as the real one does. */
function fencesOf(first: Fence) {
  let now = first;
  return {
    current: () => now,
    meanwhile(rules: Omit<Fence, 'version'>) {
      now = { ...rules, version: now.version + 1 };
    },
    async get() {
      return now;
    },
    async put(_room: string, fence: Fence) {
      if (fence.version !== now.version)
        throw new ProblemError({
          code: 'fence_changed',
          title: 'It was changed since you read it.',
          retry: false,
        });
      now = { ...fence, version: fence.version + 1 };
      return { fence: now, published: true };
    },
  };
}

const OPEN: Fence = { version: 1, rules: [], otherwise: 'allow', unknown: 'deny' };

test('a choice is written over the version that was read, and shown as it came back', async () => {
  const fences = fencesOf(OPEN);
  const model = new FenceModel(fences, 'room_1');
  await model.load();
  model.change({ who: 'only', countries: ['DE', 'AT'] });
  expect(model.state.current.changed).toBe(true);
  expect(await model.save()).toBe(true);
  expect(fences.current()).toMatchObject({
    version: 2,
    rules: [{ effect: 'allow', kind: 'country', values: ['AT', 'DE'] }],
    otherwise: 'deny',
    unknown: 'deny',
  });
  expect(model.state.current).toMatchObject({ phase: 'ready', changed: false });
});

test('what another window changed meanwhile is not written over but shown', async () => {
  const fences = fencesOf(OPEN);
  const model = new FenceModel(fences, 'room_1');
  await model.load();
  fences.meanwhile({ rules: [{ effect: 'deny', kind: 'country', values: ['FR'] }], otherwise: 'allow' });
  model.change({ who: 'only', countries: ['DE'] });
  expect(await model.save()).toBe(false);
  expect(model.state.current.draft).toEqual({ who: 'but', countries: ['FR'], unknown: false });
});

test('finer rules stay as they are, and nothing is sent where nothing was changed', async () => {
  const rules = [{ effect: 'deny', kind: 'anonymizer' }] as const;
  const fences = fencesOf({ version: 7, rules, otherwise: 'allow', unknown: 'deny' });
  const model = new FenceModel(fences, 'room_1');
  await model.load();
  expect(model.state.current.kind).toBe('finer');
  expect(await model.save()).toBe(true);
  expect(fences.current().version).toBe(7);
});

test('a list without a country is refused here', async () => {
  const fences = fencesOf(OPEN);
  const model = new FenceModel(fences, 'room_1');
  await model.load();
  model.change({ who: 'only', countries: [] });
  expect(await model.save()).toBe(false);
  expect(model.state.current.problem).toContain('at least one country');
  expect(fences.current().version).toBe(1);
});
