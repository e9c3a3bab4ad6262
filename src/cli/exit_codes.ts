/** What the process ends with; scripts rely on it. */
export const EXIT = {
  ok: 0,
  failure: 1,
  configuration: 2,
  authentication: 3,
  network: 4,
  agentNotFound: 5,
  /** Interrupted by the user: 128 + SIGINT, as shells count it. */
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
