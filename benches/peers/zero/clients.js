// Two devices of one person, each a client of Zero with a store of its own in memory. A writes one command at a time, by
// turns a task created and completed, the next when B's view shows it. Prints milliseconds, as a JSON list.
//
// node clients.js <zero-cache> <samples> <commands before the first that counts>

import { randomUUID } from 'node:crypto';

import { Zero } from '@rocicorp/zero';

import { mutators, queries, schema } from './schema.js';

const [cacheURL, samples, warmUp] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const user = randomUUID();

const device = (storageKey) => {
  const zero = new Zero({ cacheURL, schema, mutators, userID: user, storageKey, kvStore: 'mem', logLevel: 'error' });
  return { zero, view: zero.materialize(queries.tasksOf({ user })) };
};

const [a, b] = [device('a'), device('b')];
const waiting = new Map();
a.view.addListener(() => {});
b.view.addListener((rows) => {
  for (const { id, completed } of rows) {
    const state = `${id} ${completed}`;
    waiting.get(state)?.(performance.now());
    waiting.delete(state);
  }
});

let open;

const write = (number) => {
  if (open) {
    a.zero.mutate(mutators.complete({ id: open }));
    const state = `${open} true`;
    open = undefined;
    return state;
  }
  open = randomUUID();
  a.zero.mutate(
    mutators.create({
      id: open,
      user_id: user,
      title: `Read chapter ${number} before bed`,
      category: 'todo',
      difficulty: 'easy',
      exp_reward: 10,
      energy_cost: 1,
      estimated_minutes: 30,
      tags: ['book', 'evening'],
      completed: false,
    }),
  );
  return `${open} false`;
};

const took = [];
for (let number = 0; number < samples + warmUp; number += 1) {
  const sent = performance.now();
  const state = write(number);
  // B hears of nothing before this turn of the loop has ended.
  const here = await new Promise((resolve) => waiting.set(state, resolve));
  if (number >= warmUp) took.push(here - sent);
}
console.log(JSON.stringify(took));
process.exit(0);
