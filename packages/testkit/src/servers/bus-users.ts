import { NATS_USERS, type NatsUser, natsPermissions } from '@nightjar/contracts/nats-permissions';
import type { NatsUser as UserOptions } from './nats.ts';

/** Who may do everything: for people who look into the bus, and for tests. No service is it. */
const ADMIN = 'admin';

/** Users of a NATS with a password for each. */
export interface BusUsers {
  /** As `startNats` takes them: those of the services with their permissions, and an admin. */
  readonly users: readonly UserOptions[];
  /** The server's URL with a user in it; the admin, unless another is named. */
  urlFor(server: string, user?: NatsUser): string;
}

export async function busUsers(passwordOf: (user: string) => string | Promise<string>): Promise<BusUsers> {
  const passwords = new Map<string, string>();
  for (const user of [ADMIN, ...NATS_USERS]) passwords.set(user, await passwordOf(user));
  const password = (user: string) => passwords.get(user) ?? '';
  return {
    users: [
      { user: ADMIN, password: password(ADMIN) },
      ...NATS_USERS.map((user) => ({ user, password: password(user), ...natsPermissions(user) })),
    ],
    urlFor(server, user) {
      const url = new URL(server);
      url.username = user ?? ADMIN;
      url.password = password(user ?? ADMIN);
      return url.href;
    },
  };
}
