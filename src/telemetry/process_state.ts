/** How a process stands at the moment when somebody asks. */
export interface ProcessState {
  readonly version: string;
  readonly residentBytes: number;
  readonly config: {
    readonly revision: string;
    /** When it began to be served. */
    readonly sinceSeconds: number;
    /** Whether what is served is what stands in the source. */
    readonly isCurrent: boolean;
    /** Whether the last new configuration could be served; true before there was one. */
    readonly lastReloadSucceeded: boolean;
    /** Absent where no source is watched. */
    readonly sourceIsReadable?: boolean | undefined;
  };
}
