export interface TaskLimits {
  /** What one run may have emitted and not yet recorded; a faster agent waits. */
  readonly maxBufferBytes: number;
  /** How many earlier tasks of a context an agent is told of, and how much of them. */
  readonly maxHistoryTasks: number;
  readonly maxHistoryBytes: number;
  /** How many interrupted tasks a start takes up at a time. */
  readonly maxRecoveries: number;
  /** How often in a row a task is taken up after a death and comes no further, until it is not tried again. */
  readonly maxLivesInVain: number;
  /** What a peer is told when it is turned away. */
  readonly retryAfterSeconds: number;
}

export const TASK_LIMITS: TaskLimits = {
  maxBufferBytes: 256 * 1024,
  maxHistoryTasks: 100,
  maxHistoryBytes: 8 * 1024 * 1024,
  maxRecoveries: 64,
  maxLivesInVain: 10,
  retryAfterSeconds: 5,
};
