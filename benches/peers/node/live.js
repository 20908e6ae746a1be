// An express server with socket.io beside it: a device that listens joins the room of its space; what was committed is
// emitted there before the answer.

import { createServer } from 'node:http';

import express from 'express';
import { Server } from 'socket.io';

import { PATH, listen, receipts, spaceOf } from './wire.js';

/** Serves; `commit` writes one transaction of a space and gives its changes. */
export const serve = (commit) => {
  const app = express();
  app.use(express.json({ limit: '1mb' }));
  const server = createServer(app);
  const io = new Server(server, { transports: ['websocket'] });
  io.on('connection', (socket) => socket.join(socket.handshake.auth.token));
  app.post(PATH, async (request, response) => {
    const space = spaceOf(request);
    const { transactions } = request.body;
    for (const { transaction_id, commands } of transactions) {
      const changes = await commit(space, commands);
      io.to(space).emit('changed', { transaction_id, changes });
    }
    response.json(receipts(transactions));
  });
  listen(server);
};
