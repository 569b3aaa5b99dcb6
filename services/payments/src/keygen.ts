import { readFileSync } from 'node:fs';
import { parseSealKeys, rotateSealKeys, type SealKeySet } from '@nightjar/sealed/node/seal-keys';

// `keygen > file` makes keys, `keygen file > new-file` rotates those of the file.
const [file] = process.argv.slice(2);
const text = file === undefined ? undefined : readFileSync(file, 'utf8');
if (text !== undefined && !parseSealKeys(text)) throw new Error(`${file} holds no seal keys`);
const keys = await rotateSealKeys(text === undefined ? undefined : (JSON.parse(text) as SealKeySet));
process.stdout.write(`${JSON.stringify(keys)}\n`);
