// The event store of emmett on PostgreSQL behind node's http: a command reads the stream of its task, decides, appends, and
// a document of the task is projected in the same transaction.

import { createServer } from 'node:http';

import { CommandHandler, inlineProjections } from '@event-driven-io/emmett';
import { getPostgreSQLEventStore, pongoSingleStreamProjection } from '@event-driven-io/emmett-postgresql';

import { PATH, listen, receipts, spaceOf } from './wire.js';

const initialState = () => ({ exists: false, completed: false });

const evolve = (task, { type, data }) => {
  switch (type) {
    case 'TaskCreated':
      return { ...task, exists: true, ...data };
    case 'TaskCompleted':
      return { ...task, completed: true, completedAt: data.at };
    default:
      return task;
  }
};

const decide = ({ type, id, at, data }, space) => (task) => {
  if (type === 'task.create') {
    if (task.exists) throw new Error(`${id} is taken`);
    return { type: 'TaskCreated', data: { space, at, ...data } };
  }
  if (!task.exists || task.completed) throw new Error(`${id} cannot be completed`);
  return { type: 'TaskCompleted', data: { space, at, xp: task.exp_reward, balls: task.energy_cost } };
};

const tasks = pongoSingleStreamProjection({
  collectionName: 'tasks',
  canHandle: ['TaskCreated', 'TaskCompleted'],
  initialState,
  evolve,
});

const { PGHOST, PGPORT, PGUSER, PGDATABASE } = process.env;
const store = getPostgreSQLEventStore(
  `postgresql://${PGUSER}@localhost:${PGPORT}/${PGDATABASE}?host=${encodeURIComponent(PGHOST)}`,
  { projections: inlineProjections([tasks]) },
);
await store.schema.migrate();
const handle = CommandHandler({ evolve, initialState });

const bodyOf = async (request) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  return JSON.parse(Buffer.concat(parts).toString());
};

const answer = async (request, response) => {
  if (request.method !== 'POST' || request.url !== PATH) return response.writeHead(404).end();
  const { transactions } = await bodyOf(request);
  for (const { commands } of transactions) {
    for (const command of commands) await handle(store, command.id, decide(command, spaceOf(request)));
  }
  const text = JSON.stringify(receipts(transactions));
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }).end(text);
};

listen(
  createServer((request, response) =>
    answer(request, response).catch((error) => {
      const text = String(error);
      response.writeHead(500, { 'content-length': Buffer.byteLength(text) }).end(text);
    }),
  ),
);
