import { meter } from '@nightjar/kit/telemetry';

/** What an operator watches of the live side. Labels are kinds and codes, never people or rooms. */
export interface Metrics {
  permit(answer: string): void;
  entry(status: string): void;
  closed(reason: string): void;
}

export function createMetrics(sockets: () => number): Metrics {
  const permits = meter().createCounter('nightjar_permits', { description: 'permits asked for, by answer' });
  const entries = meter().createCounter('nightjar_room_log_entries', {
    description: 'events taken from the bus, by what the room log did with them',
  });
  const closes = meter().createCounter('nightjar_sockets_closed', {
    description: 'sockets that we closed, by reason',
  });
  meter()
    .createObservableGauge('nightjar_sockets', { description: 'sockets of this pod' })
    .addCallback((result) => result.observe(sockets()));
  return {
    permit: (answer) => permits.add(1, { answer }),
    entry: (status) => entries.add(1, { status }),
    closed: (reason) => closes.add(1, { reason }),
  };
}
