/**
 * The load as a program of its own, so that it can run where the cluster's front door is: commands come as lines of JSON on
 * standard input, answers go as lines on standard output. See remote-load.ts for the other end.
 */
import { setPriority } from 'node:os';
import { createInterface } from 'node:readline';
import { tipFirst } from './first-tip.ts';
import { type Load, startLoad } from './load.ts';
import type { Answer, Command } from './remote-load.ts';

/** A broadcaster's computer is her own: what the cluster does to this machine must not make the bridge late. */
const PRIORITY = -10;

try {
  setPriority(PRIORITY);
} catch {
  // Not everybody may. Then the figures say how late it was.
}

let load: Load | undefined;
let admitted: (() => void) | undefined;

function tell(answer: Answer): void {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

function started(): Load {
  if (!load) throw new Error('the load was not started');
  return load;
}

async function obey(command: Command): Promise<unknown> {
  switch (command.do) {
    case 'tip_first':
      return tipFirst(command.origin, command.withinMs);
    case 'start': {
      const { tokens, ...options } = command.options;
      load = await startLoad({
        ...options,
        tokens: BigInt(tokens),
        admit: (publicKey) =>
          new Promise((resolve) => {
            admitted = resolve;
            tell({ admit: publicKey });
          }),
      });
      return undefined;
    }
    case 'admitted':
      return admitted?.();
    case 'phase':
      return started().phase(command.name);
    case 'now':
      return started().now;
    case 'settle':
      return started().settle(command.withinMs);
    case 'judge':
      return started().judge();
    case 'recognised':
      return started().recognised();
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const { n, ...command } = JSON.parse(line) as Command & { n: number };
  obey(command as Command).then(
    (value) => tell({ n, value: value ?? null }),
    (error: Error) => tell({ n, error: error.stack ?? String(error) }),
  );
}
// Nobody is there any more who could ask for anything.
process.exit(0);
