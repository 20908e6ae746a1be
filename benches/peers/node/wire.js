// What all servers in here share: the request and the answer are those of `POST /api/v2/transactions`, so that one
// generator of load asks them all. The bearer token is the space's id; nobody checks it, which favours them.

/** The path that is asked. */
export const PATH = '/api/v2/transactions';

/** The space that the caller writes to. */
export const spaceOf = (request) => request.headers.authorization.slice('Bearer '.length);

/** The answer to transactions that were committed. */
export const receipts = (transactions) => ({
  receipts: transactions.map(({ transaction_id, commands }) => ({
    transaction_id,
    status: 'committed',
    results: commands.map(({ command_id }) => ({ command_id, outcome: 'applied' })),
  })),
});

/** Listens on a free port and says where, in one line. */
export const listen = (server) => {
  server.keepAliveTimeout = 0;
  server.listen(0, '127.0.0.1', () => console.log(`listening on http://127.0.0.1:${server.address().port}`));
};
