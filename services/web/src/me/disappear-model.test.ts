import { expect, test } from '@jest/globals';
import { localProblem } from '@nightjar/client/problem-error';
import { Disappear, type Step } from './disappear-model.ts';

function disappear() {
  const done: Step[] = [];
  const failing = new Map<Step, Error>();
  const step = (name: Step) => async () => {
    const error = failing.get(name);
    if (error) throw error;
    done.push(name);
  };
  return {
    model: new Disappear({ account: step('account'), keys: step('keys'), lists: step('lists') }),
    done,
    failing,
  };
}

test('it asks once, and can be left', async () => {
  const { model, done } = disappear();
  await model.go();
  model.ask();
  model.keep();
  expect(model.view.current).toEqual({ is: 'ready' });
  expect(done).toEqual([]);
});

test('the account goes first, then the keys, then what pages kept', async () => {
  const { model, done } = disappear();
  model.ask();
  await model.go();
  expect(done).toEqual(['account', 'keys', 'lists']);
  expect(model.view.current).toEqual({ is: 'gone' });
});

test('when the server cannot be reached nothing here is thrown away, and it can be tried again', async () => {
  const { model, done, failing } = disappear();
  failing.set('account', localProblem('unreachable'));
  model.ask();
  await model.go();
  expect(model.view.current).toMatchObject({ is: 'failed', done: [] });
  expect(done).toEqual([]);
  failing.clear();
  await model.go();
  expect(model.view.current).toEqual({ is: 'gone' });
});

test('what is gone already is said when the rest fails', async () => {
  const { model, failing } = disappear();
  failing.set('keys', new DOMException('the database failed'));
  model.ask();
  await model.go();
  expect(model.view.current).toEqual({
    is: 'failed',
    title: 'the database failed',
    done: ['account'],
  });
});
