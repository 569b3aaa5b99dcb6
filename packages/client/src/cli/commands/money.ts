import { readAmount } from '../arguments.ts';
import { tokens } from '../printer.ts';
import { UsageError } from '../usage.ts';
import type { Viewer } from '../viewer.ts';

/** @returns the exit code, as all commands do */
export async function balance({ out, wallet }: Viewer): Promise<number> {
  const { available, held } = await wallet.balance();
  const waiting = held > 0n ? `, ${held} more held for tips without an outcome yet` : '';
  out.say(`${tokens(available)}${waiting}`, { available, held });
  return 0;
}

export async function buy(viewer: Viewer, amount: string | undefined): Promise<number> {
  if (amount === undefined) throw new UsageError('say how many tokens to buy');
  const { out, wallet } = viewer;
  const bought = await wallet.buy(readAmount(amount));
  const follow = bought.state === 'credited' ? '' : '; they are on their way';
  out.say(`bought ${tokens(bought.amount)} with play money${follow}`, { bought });
  return balance(viewer);
}
