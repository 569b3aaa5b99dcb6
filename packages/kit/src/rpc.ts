/** RPC over NATS: what client and server agree on. Methods and messages come from proto/, subjects from contracts. */

export const RPC_HEADERS = {
  /** W3C trace context. */
  trace: 'traceparent',
  /** Absolute, milliseconds since 1970: whoever is late stops working on it. */
  deadline: 'Nightjar-Deadline',
  /** The calling service. */
  caller: 'Nightjar-Caller',
  errorCode: 'Nightjar-Error-Code',
  errorKind: 'Nightjar-Error-Kind',
  errorText: 'Nightjar-Error-Text',
} as const;

export const RPC_TIMEOUT_MS = 2_000;
/** Requests of one service under way in one process; more are answered `overloaded` at once. */
export const RPC_IN_FLIGHT_MAX = 512;
