import { NATS_USERS, natsPermissions } from '@nightjar/contracts/nats-permissions';

/** What each user does on the bus, for people. */
const WHAT = {
  auth: 'answers with the keys of access tokens, and asks nobody',
  rooms: 'tells what happens in rooms; reads fence policies',
  payments: 'tells what happens to tips',
  events: 'follows what rooms and payments tell; reads fence policies; tells its pods that an edge goes',
  geofence: 'puts fence policies, which it signs',
  setup:
    'makes streams and the bucket, and changes how many copies are kept; runs when the platform is installed or changed',
} as const;

/** As NATS's configuration has them, for the chart. */
export function natsPermissionsFile(): string {
  const users = NATS_USERS.map((user) => [user, permissionsOf(user)]);
  return `${JSON.stringify(Object.fromEntries(users), null, 2)}\n`;
}

/** The whole configuration of the NATS in deploy/compose.yaml, since a file that is included sees no variables of another. */
export function composeNatsConfig(): string {
  const users = NATS_USERS.map(
    (user) =>
      `    { user: ${user}, password: $${user}_password, permissions: ${JSON.stringify(permissionsOf(user))} }\n`,
  );
  return `# Made from the code by scripts/reference.
server_name: nightjar-nats
port: 4222
max_payload: 1MB
jetstream: { store_dir: /data, max_memory_store: 64MB, max_file_store: 4GB }
# Beside this folder, not in it: /run/secrets/nightjar.
include ../../run/secrets/nightjar/passwords.conf
authorization: {
  users: [
${users.join('')}  ]
}
`;
}

function permissionsOf(user: (typeof NATS_USERS)[number]) {
  const { publish, subscribe, allowResponses } = natsPermissions(user);
  return { publish: { allow: publish }, subscribe: { allow: subscribe }, allow_responses: allowResponses };
}

/** For people who bring a NATS of their own. */
export function natsUsersPage(): string {
  const rows = NATS_USERS.map((user) => {
    const { publish, subscribe } = natsPermissions(user);
    return `| \`${user}\` | ${WHAT[user]} | ${code(publish)} | ${code(subscribe)} |`;
  });
  return `# Users of NATS

Made from the code by \`scripts/reference\`. Each service signs in to NATS as a user of its own, who may say and hear what that service needs and
nothing else. \`scripts/start\` and the Helm chart's own NATS have these users. For a NATS of your own, 2.12 or later with JetStream on, this page has what
to put into its configuration.

## Who may do what

\`*\` is any one word of a subject. Whoever answers may also send one answer to each message that it was sent, wherever the asker wants it
(\`allow_responses\`).

| user | what for | may publish | may subscribe to |
|---|---|---|---|
${rows.join('\n')}

## To paste into nats.conf

Replace each \`PASSWORD_OF_…\` by a password of its own, or by its bcrypt hash, which \`nats server passwd\` makes. If your server has users already, add these
to its list; if it has accounts, to one account of Nightjar's own with JetStream on, since whoever else is in the account may have more rights.

\`\`\`
authorization {
  users: [
${NATS_USERS.map(userBlock).join('\n')}
  ]
}
\`\`\`

Then each service's file of \`NIGHTJAR_NATS_URL_FILE\` has \`nats://USER:PASSWORD@HOST:4222\`, or \`tls://\` in front. A service logs what it was refused as
\`nats_permission_refused\`, with the subject.
`;
}

function userBlock(user: (typeof NATS_USERS)[number]): string {
  const { publish, subscribe, allow_responses } = permissionsOf(user);
  const list = (subjects: readonly string[]) =>
    subjects.map((subject) => `\n          ${JSON.stringify(subject)}`).join('');
  return `    {
      user: ${user}
      password: "PASSWORD_OF_${user.toUpperCase()}"
      permissions: {
        publish: { allow: [${list(publish.allow)}
        ] }
        subscribe: { allow: [${list(subscribe.allow)}
        ] }
        allow_responses: ${allow_responses}
      }
    }`;
}

function code(subjects: readonly string[]): string {
  return subjects.length === 0 ? 'nothing' : subjects.map((subject) => `\`${subject}\``).join('<br>');
}
