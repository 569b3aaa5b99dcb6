/** Prints a new file for NIGHTJAR_SENDER_KEYS_FILE. To rotate, put a new key before the old ones. */
import { makeSenderKeys } from '@nightjar/sealed/node/sender-keys';

process.stdout.write(makeSenderKeys());
