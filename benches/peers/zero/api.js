// The server that zero-cache asks to carry out mutators and to name queries. The connection comes from PGHOST, PGPORT, PGUSER
// and PGDATABASE; nobody is authenticated.

import { createServer } from 'node:http';

import { mustGetMutator, mustGetQuery } from '@rocicorp/zero';
import { handleMutateRequest, handleQueryRequest } from '@rocicorp/zero/server';
import { zeroNodePg } from '@rocicorp/zero/server/adapters/pg';
import pg from 'pg';

import { mutators, queries, schema } from './schema.js';

const database = zeroNodePg(schema, new pg.Pool());

const query = (request) =>
  handleQueryRequest((name, args) => mustGetQuery(queries, name).fn({ args, ctx: undefined }), schema, request);

const mutate = (request) =>
  handleMutateRequest(
    database,
    (transact) => transact((tx, name, args) => mustGetMutator(mutators, name).fn({ tx, args, ctx: undefined })),
    request,
  );

const answer = async (request, response) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  const asked = new Request(`http://localhost${request.url}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: Buffer.concat(parts),
  });
  const said = await (request.url.startsWith('/query') ? query(asked) : mutate(asked));
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(said));
};

const server = createServer((request, response) =>
  answer(request, response).catch((error) => response.writeHead(500).end(String(error))),
);
server.listen(0, '127.0.0.1', () => console.log(`listening on http://127.0.0.1:${server.address().port}`));
