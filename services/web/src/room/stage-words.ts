import type { TipLine } from './room-log.ts';

/** Where a tip is, in words. Its money is said with it: nothing is taken that did not run. */
export function stageWords({ stage, settled, returned, item, why }: TipLine): string {
  switch (stage) {
    case 'sending':
      return 'on its way';
    case 'held':
      return item?.effect ? 'held until it has run' : 'held';
    case 'queued':
      return 'waits for the device';
    case 'running':
      return 'running';
    case 'paused':
      return 'paused';
    case 'ran':
      return 'ran';
    case 'paid':
      return 'received';
    case 'partly':
      return `ran in part: ${tokens(settled)} paid, ${tokens(returned)} came back`;
    case 'expired':
      return `did not run in time: ${tokens(returned)} came back`;
    case 'refused':
      return `did not run: ${tokens(returned)} came back`;
    case 'failed':
      return why ?? 'not sent';
  }
}

function tokens(amount: bigint): string {
  return amount === 1n ? '1 token' : `${amount.toLocaleString('en')} tokens`;
}
