import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import type { ImageFile } from './files.ts';

interface Bill {
  readonly components: readonly {
    readonly group?: string;
    readonly name: string;
    readonly version: string;
    readonly purl: string;
  }[];
}

/** pnpm's folder of a package: `@scope+name@1.2.3_with+its+peers@1`. */
const INSTALLED = /^app\/node_modules\/\.pnpm\/(@[^/+]+\+)?([^/@]+)@(\d[^/_(]*)/;

const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);

/** The bill of materials: valid by CycloneDX's schema, and naming every package that is there. */
export async function judgeBill(text: string, files: readonly ImageFile[]): Promise<string[]> {
  const invalid = await validator.validate(text);
  if (invalid !== null) return [`its bill of materials is not valid: ${JSON.stringify(invalid)}`];
  const { components } = JSON.parse(text) as Bill;
  const named = new Set(
    components.map(({ group, name, version }) => `${group ? `${group}/` : ''}${name}@${version}`),
  );
  const installed = new Set(
    files.flatMap(({ path }) => {
      const [, scope, name, version] = INSTALLED.exec(path) ?? [];
      return name ? [`${scope ? `${scope.slice(0, -1)}/` : ''}${name}@${version}`] : [];
    }),
  );
  const libraries = files.flatMap(({ path }) => /^var\/lib\/dpkg\/status\.d\/(.+)$/.exec(path)?.[1] ?? []);
  const debian = new Set(components.flatMap(({ name, purl }) => (purl.startsWith('pkg:deb/') ? [name] : [])));
  return [
    ...[...installed].filter((each) => !named.has(each)),
    ...libraries.filter((each) => !debian.has(each)),
    ...['libc6', 'libstdc++6'].filter((each) => !debian.has(each)),
    ...['node'].filter((each) => !components.some(({ name }) => name === each)),
  ].map((missing) => `its bill of materials lacks ${missing}`);
}
