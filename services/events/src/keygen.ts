/** Prints a file for NIGHTJAR_SENDER_KEYS_FILE: `keygen >file` a new one, `keygen file >new-file` with a new key before those of the file. */
import { printKeys } from '@nightjar/sealed/node/keygen';
import { rotateSenderKeys } from '@nightjar/sealed/node/sender-keys';

await printKeys(process.argv.slice(2), rotateSenderKeys);
