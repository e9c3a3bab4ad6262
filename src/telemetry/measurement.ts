/** One thing that happened, as far as it is counted. Names in it are those of the configuration: never a stranger's words. */
export type Measurement =
  | {
    readonly kind: "request";
    readonly method: string;
    /** The pattern of the path, such as `/agents/:agent`. */
    readonly route: string;
    readonly status: number;
    /** Until the answer began: a stream may go on. */
    readonly seconds: number;
  }
  | { readonly kind: "run_began"; readonly agent: string }
  /** It no longer works on its task, whatever state that is in. */
  | { readonly kind: "run_over"; readonly agent: string }
  /** A turn brought its task into this state. */
  | { readonly kind: "turn_ended"; readonly agent: string; readonly state: string }
  | {
    readonly kind: "model_call";
    readonly agent: string;
    readonly provider: string;
    readonly model: string;
    readonly seconds: number;
    readonly usage?:
      | { readonly inputTokens: number; readonly outputTokens: number; readonly costUsd?: number }
      | undefined;
    /** One word; absent for a call that went well. */
    readonly error?: string | undefined;
  }
  | {
    readonly kind: "tool_call";
    readonly agent: string;
    readonly tool: string;
    readonly seconds: number;
    /** One word; absent for a call that went well. */
    readonly error?: string | undefined;
  }
  | { readonly kind: "reload"; readonly outcome: string; readonly seconds: number }
  /** The source of the configuration cannot be read any more, in one word for why. */
  | { readonly kind: "source_trouble"; readonly failure: string };

/** Takes note of a measurement. Never throws, and never waits. */
export type Measure = (measurement: Measurement) => void;

export const MEASURE_NOTHING: Measure = () => {};
