// Reads, checks and writes, one statement after the other, in one transaction: as the legacy server goes about a command,
// with the transaction that it lacks.

import { serve } from './live.js';
import { inTransaction, open } from './tables.js';

const STATS = 'SELECT user_id, experience, energy_spent, tasks_completed FROM user_stats WHERE user_id = $1 FOR UPDATE';
const TASK = 'SELECT id, user_id, title, exp_reward, energy_cost, completed FROM tasks WHERE id = $1';
const LOG = 'INSERT INTO activity_logs (user_id, task_id, action, exp_gained, details) VALUES ($1, $2, $3, $4, $5)';

const ask = (client, name, text, values) => client.query({ name, text, values });

const statsOf = async (client, space) => {
  const { rows } = await ask(client, 'stats', STATS, [space]);
  if (rows.length === 1) return rows[0];
  await ask(client, 'found', 'INSERT INTO user_stats (user_id) VALUES ($1) ON CONFLICT DO NOTHING', [space]);
  return (await ask(client, 'stats', STATS, [space])).rows[0];
};

const create = async (client, space, { id, data }) => {
  await statsOf(client, space);
  const known = await ask(client, 'task', TASK, [id]);
  if (known.rows.length > 0) throw new Error(`${id} is taken`);
  const { rows } = await ask(
    client,
    'create',
    `INSERT INTO tasks (id, user_id, title, category, difficulty, exp_reward, energy_cost, estimated_minutes, tags)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING *`,
    [id, space, data.title, data.category, data.difficulty, data.exp_reward, data.energy_cost, data.estimated_minutes, data.tags],
  );
  await ask(client, 'log', LOG, [space, id, 'task_created', 0, null]);
  return rows[0];
};

const complete = async (client, space, { id }) => {
  const stats = await statsOf(client, space);
  const task = (await ask(client, 'task', TASK, [id])).rows[0];
  if (!task || task.user_id !== space) throw new Error(`${id} is unknown`);
  if (task.completed) throw new Error(`${id} is done`);
  const { rows } = await ask(
    client,
    'complete',
    'UPDATE tasks SET completed = true, completed_at = now() WHERE id = $1 RETURNING *',
    [id],
  );
  await ask(
    client,
    'reward',
    'UPDATE user_stats SET experience = $2, energy_spent = $3, tasks_completed = $4, updated_at = now() WHERE user_id = $1',
    [space, stats.experience + task.exp_reward, stats.energy_spent + task.energy_cost, stats.tasks_completed + 1],
  );
  const details = JSON.stringify({ description: task.title, energyBalls: task.energy_cost });
  await ask(client, 'log', LOG, [space, id, 'task_completed', task.exp_reward, details]);
  return rows[0];
};

const pool = await open();

serve((space, commands) =>
  inTransaction(pool, async (client) => {
    const changes = [];
    for (const command of commands) {
      const act = command.type === 'task.create' ? create : complete;
      changes.push(await act(client, space, command));
    }
    return changes;
  }),
);
