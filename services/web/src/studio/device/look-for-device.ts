import type { PageBridge } from '../../bridge/page-bridge.ts';

/**
 * Opens the device's link by the one way there is, a person who arms, and disarms as soon as it is known whether it is
 * there: the machine opens no link for anything else.
 */
export function lookForDevice(bridge: Pick<PageBridge, 'arm' | 'disarm' | 'state'>): void {
  let began = false;
  const off = bridge.state.subscribe(() => {
    const { phase, view } = bridge.state.current;
    const arm = view?.arm.phase;
    began ||= arm !== 'latched';
    const known = view?.device === 'ready' || phase !== 'running' || (began && arm === 'latched');
    if (!known) return;
    off();
    bridge.disarm();
  });
  bridge.arm();
}
