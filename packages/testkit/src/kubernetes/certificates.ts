import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { onPath } from '../servers/command.ts';
import { runToEnd } from './run.ts';

const VALID_DAYS = '30';
const EC_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc'];

export interface Identity {
  /** Of its two files, `<name>.crt` and `<name>.key`. */
  readonly name: string;
  /** As Kubernetes reads it: CN is the user, O its group. */
  readonly subject: string;
  /** Where it also serves: `IP:127.0.0.1`, `DNS:localhost`. */
  readonly hosts?: readonly string[];
}

/** A certificate authority of its own (`ca.crt`, `ca.key`), the pair that signs service accounts' tokens (`sa.key`, `sa.pub`), and these identities. */
export async function makeCertificates(folder: string, identities: readonly Identity[]): Promise<void> {
  if (!onPath('openssl')) {
    throw new Error(
      'openssl is not on the PATH, and makes the certificates (Debian: apt-get install openssl)',
    );
  }
  const request = (subject: string, name: string, ...more: string[]) =>
    runToEnd('openssl', [
      ...['req', '-x509', '-days', VALID_DAYS, '-subj', subject, ...EC_KEY],
      ...['-keyout', path.join(folder, `${name}.key`), '-out', path.join(folder, `${name}.crt`)],
      ...more,
    ]);
  await request(
    '/CN=nightjar-test-ca',
    'ca',
    '-addext',
    'keyUsage=critical,keyCertSign,cRLSign,digitalSignature',
  );
  await Promise.all(
    identities.map(({ name, subject, hosts = [] }) =>
      request(
        subject,
        name,
        ...['-CA', path.join(folder, 'ca.crt'), '-CAkey', path.join(folder, 'ca.key')],
        ...['-addext', 'basicConstraints=critical,CA:FALSE'],
        ...['-addext', 'keyUsage=digitalSignature', '-addext', 'extendedKeyUsage=clientAuth,serverAuth'],
        ...(hosts.length > 0 ? ['-addext', `subjectAltName=${hosts.join(',')}`] : []),
      ),
    ),
  );
  const accounts = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'sec1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  await writeFile(path.join(folder, 'sa.key'), accounts.privateKey, { mode: 0o600 });
  await writeFile(path.join(folder, 'sa.pub'), accounts.publicKey);
}

/** Writes `<name>.kubeconfig` beside the certificates, for the identity of that name. */
export async function writeKubeconfig(folder: string, name: string, server: string): Promise<string> {
  const file = path.join(folder, `${name}.kubeconfig`);
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster: { server, 'certificate-authority': path.join(folder, 'ca.crt') } }],
    users: [
      {
        name,
        user: {
          'client-certificate': path.join(folder, `${name}.crt`),
          'client-key': path.join(folder, `${name}.key`),
        },
      },
    ],
    contexts: [{ name: 'test', context: { cluster: 'test', user: name } }],
    'current-context': 'test',
  };
  // JSON is YAML.
  await writeFile(file, JSON.stringify(config, null, 2), { mode: 0o600 });
  return file;
}
