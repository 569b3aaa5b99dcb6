interface Inspected {
  readonly Config: {
    readonly User: string;
    readonly WorkingDir: string;
    readonly Entrypoint: readonly string[];
    readonly Cmd: readonly string[];
    readonly Env: readonly string[];
    readonly Labels: Readonly<Record<string, string>>;
  };
}

const LABELS = ['title', 'description', 'version', 'revision', 'licenses'];
const VARIABLES = ['PATH', 'NODE_ENV'];

/** What an image says of itself: how it is started, as whom, and where it comes from. */
export function judgeLabels(name: string, { Config: config }: Inspected): string[] {
  const wanted: [string, unknown, unknown][] = [
    ['user', config.User, '65532:65532'],
    ['folder', config.WorkingDir, '/app'],
    ['entry point', config.Entrypoint, ['/usr/local/bin/node', '--enable-source-maps']],
    ['arguments', config.Cmd, ['dist/main.js']],
    ['environment', config.Env.map((each) => each.split('=')[0]), VARIABLES],
    ['title', config.Labels['org.opencontainers.image.title'], `nightjar-${name}`],
    ['labels', LABELS.filter((each) => !config.Labels[`org.opencontainers.image.${each}`]), []],
  ];
  return wanted.flatMap(([what, is, expected]) =>
    JSON.stringify(is) === JSON.stringify(expected)
      ? []
      : [`its ${what}: ${JSON.stringify(is)} instead of ${JSON.stringify(expected)}`],
  );
}
