import { startServer } from '../../testkit/src/server.ts';

export const server = startServer();
