// What clients and server of Zero share: the table, the query and the mutators.

import {
  boolean,
  createBuilder,
  createSchema,
  defineMutator,
  defineMutators,
  defineQueries,
  defineQuery,
  json,
  number,
  string,
  table,
} from '@rocicorp/zero';

const tasks = table('tasks')
  .columns({
    id: string(),
    user_id: string(),
    title: string(),
    category: string(),
    difficulty: string(),
    exp_reward: number(),
    energy_cost: number(),
    estimated_minutes: number(),
    tags: json(),
    completed: boolean(),
  })
  .primaryKey('id');

export const schema = createSchema({ tables: [tasks] });

const rows = createBuilder(schema);

export const queries = defineQueries({
  tasksOf: defineQuery(({ args }) => rows.tasks.where('user_id', args.user)),
});

export const mutators = defineMutators({
  create: defineMutator(({ tx, args }) => tx.mutate.tasks.insert(args)),
  complete: defineMutator(({ tx, args }) => tx.mutate.tasks.update({ id: args.id, completed: true })),
});
