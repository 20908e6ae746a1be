// Commits a command in one statement and tells the other devices: about the least that a server of this kind can do.

import { serve } from './live.js';
import { inTransaction, open } from './tables.js';

const CREATE = {
  name: 'create',
  text: `
    WITH task AS (
      INSERT INTO tasks (id, user_id, title, category, difficulty, exp_reward, energy_cost, estimated_minutes, tags)
      VALUES ($2, $1, $3, $4, $5, $6, $7, $8, $9)
      RETURNING id, user_id, title, category, difficulty, exp_reward, energy_cost, estimated_minutes, tags, completed, created_at
    ), log AS (
      INSERT INTO activity_logs (user_id, task_id, action, exp_gained) SELECT user_id, id, 'task_created', 0 FROM task
    )
    SELECT * FROM task`,
};

const COMPLETE = {
  name: 'complete',
  text: `
    WITH task AS (
      UPDATE tasks SET completed = true, completed_at = now()
      WHERE id = $2 AND user_id = $1 AND NOT completed
      RETURNING id, user_id, title, exp_reward, energy_cost, completed, completed_at
    ), stats AS (
      INSERT INTO user_stats (user_id, experience, energy_spent, tasks_completed)
      SELECT user_id, exp_reward, energy_cost, 1 FROM task
      ON CONFLICT (user_id) DO UPDATE SET experience = user_stats.experience + excluded.experience,
        energy_spent = user_stats.energy_spent + excluded.energy_spent,
        tasks_completed = user_stats.tasks_completed + 1, updated_at = now()
    ), log AS (
      INSERT INTO activity_logs (user_id, task_id, action, exp_gained, details)
      SELECT user_id, id, 'task_completed', exp_reward, jsonb_build_object('description', title, 'energyBalls', energy_cost)
      FROM task
    )
    SELECT * FROM task`,
};

const write = async (client, space, { type, id, data }) => {
  const values =
    type === 'task.create'
      ? [space, id, data.title, data.category, data.difficulty, data.exp_reward, data.energy_cost, data.estimated_minutes, data.tags]
      : [space, id];
  const { rows } = await client.query({ ...(type === 'task.create' ? CREATE : COMPLETE), values });
  if (rows.length !== 1) throw new Error(`${type} of ${id} changed nothing`);
  return rows[0];
};

const pool = await open();

serve(async (space, commands) => {
  if (commands.length === 1) return [await write(pool, space, commands[0])];
  return inTransaction(pool, async (client) => {
    const changes = [];
    for (const command of commands) changes.push(await write(client, space, command));
    return changes;
  });
});
