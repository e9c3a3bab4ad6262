/** What one command may use. */
export interface Limits {
  readonly seconds: number;
  readonly processes: number;
  /** Of one process and of all together. */
  readonly memoryBytes: number;
  /** Of one file that is written. */
  readonly fileBytes: number;
}
