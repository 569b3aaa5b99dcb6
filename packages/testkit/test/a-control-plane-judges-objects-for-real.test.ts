import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ControlPlane, startControlPlane } from '../src/kubernetes/control-plane.ts';

const START_MS = 90_000;

let plane: ControlPlane;

beforeAll(async () => {
  plane = await startControlPlane();
}, START_MS);

afterAll(async () => {
  await plane[Symbol.asyncDispose]();
});

const restricted = JSON.stringify({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'restricted', labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
});

function pod(security: object, more: object = {}): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'probe', namespace: 'restricted' },
    spec: {
      containers: [{ name: 'probe', image: 'localhost/probe:1', securityContext: security, ...more }],
    },
  });
}

const hardened = {
  runAsNonRoot: true,
  runAsUser: 65532,
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  seccompProfile: { type: 'RuntimeDefault' },
};
const dryRun = ['apply', '--dry-run=server', '--validate=strict', '-f', '-'];

test('a restricted namespace refuses a pod of root, and takes a hardened one', async () => {
  await plane.kubectl(['apply', '-f', '-'], restricted);
  await expect(plane.kubectl(dryRun, pod({ ...hardened, runAsUser: 0 }))).rejects.toThrow(
    /violates PodSecurity "restricted:latest": runAsUser=0/,
  );
  expect(await plane.kubectl(['apply', '-f', '-'], pod(hardened))).toBe('pod/probe created\n');
});

test('strict validation refuses a field that is misspelled', async () => {
  await expect(plane.kubectl(dryRun, pod(hardened, { imagePulPolicy: 'Never' }))).rejects.toThrow(
    'unknown field "spec.containers[0].imagePulPolicy"',
  );
});

test("a service account's token may do what its role says, and no more", async () => {
  await plane.kubectl(['create', 'serviceaccount', 'reader']);
  await plane.kubectl(['create', 'role', 'reader', '--verb=get', '--resource=secrets']);
  await plane.kubectl([
    'create',
    'rolebinding',
    'reader',
    '--role=reader',
    '--serviceaccount=default:reader',
  ]);
  const token = (await plane.kubectl(['create', 'token', 'reader'])).trim();
  const as = ['--kubeconfig=/dev/null', `--server=${plane.url}`, `--certificate-authority=${plane.caFile}`];
  const can = (verb: string) =>
    plane.kubectl([...as, `--token=${token}`, 'auth', 'can-i', verb, 'secrets']).catch(String);
  expect(await can('get')).toBe('yes\n');
  expect(await can('create')).toContain('no');
});

test("the Gateway API's routes are installed, and judged by their own schema", async () => {
  await plane.installGatewayApi();
  const route = (kind: string) =>
    JSON.stringify({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: { name: 'probe' },
      spec: { rules: [{ matches: [{ path: { type: kind, value: '/' } }] }] },
    });
  await expect(plane.kubectl(dryRun, route('Prefix'))).rejects.toThrow('Unsupported value: "Prefix"');
  expect(await plane.kubectl(dryRun, route('PathPrefix'))).toContain('created');
});
