// The tables of the servers that keep rows only: tasks, a person's totals, and what happened.
// The connection comes from PGHOST, PGPORT, PGUSER and PGDATABASE; the pool is of pg's own size.

import pg from 'pg';

const TABLES = `
  CREATE TABLE IF NOT EXISTS tasks (
    id uuid PRIMARY KEY, user_id uuid NOT NULL, title text NOT NULL, category text NOT NULL, difficulty text NOT NULL,
    exp_reward int NOT NULL, energy_cost int NOT NULL, estimated_minutes int NOT NULL, tags text[] NOT NULL,
    completed boolean NOT NULL DEFAULT false, created_at timestamptz NOT NULL DEFAULT now(), completed_at timestamptz);
  CREATE INDEX IF NOT EXISTS tasks_user ON tasks (user_id);
  CREATE TABLE IF NOT EXISTS user_stats (
    user_id uuid PRIMARY KEY, experience int NOT NULL DEFAULT 0, energy_spent int NOT NULL DEFAULT 0,
    tasks_completed int NOT NULL DEFAULT 0, updated_at timestamptz NOT NULL DEFAULT now());
  CREATE TABLE IF NOT EXISTS activity_logs (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, user_id uuid NOT NULL, task_id uuid NOT NULL,
    action text NOT NULL, exp_gained int NOT NULL, details jsonb, created_at timestamptz NOT NULL DEFAULT now());
  CREATE INDEX IF NOT EXISTS activity_user ON activity_logs (user_id, created_at);
`;

/** A pool on a database that has the tables. */
export const open = async () => {
  const pool = new pg.Pool();
  await pool.query(TABLES);
  return pool;
};

/** Runs `work` in one transaction. */
export const inTransaction = async (pool, work) => {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const done = await work(client);
    await client.query('COMMIT');
    return done;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
};
