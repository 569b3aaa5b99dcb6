/** Prints a file for NIGHTJAR_SEAL_KEYS_FILE: `keygen >file` a new one, `keygen file >new-file` with the keys of the file after a rotation. */
import { printKeys } from '@nightjar/sealed/node/keygen';
import { rotateSealKeysFile } from '@nightjar/sealed/node/seal-keys';

await printKeys(process.argv.slice(2), rotateSealKeysFile);
