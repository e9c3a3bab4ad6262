import type { A2AService } from "../a2a/service.ts";
import type { Arguments } from "./arguments.ts";
import type { Surroundings } from "./command.ts";
import type { ExitCode } from "./exit_codes.ts";
import type { Output } from "./output.ts";

/** One thing to do with tasks of an agent. */
export interface TaskAsk {
  readonly service: A2AService;
  readonly id: string;
  readonly args: Arguments;
  readonly surroundings: Surroundings;
  readonly output: Output;
}
export type TaskAction = (ask: TaskAsk) => Promise<ExitCode>;
