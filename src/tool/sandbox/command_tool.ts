import { relative, resolve } from "node:path";
import { z } from "zod";
import type { Part } from "../../a2a/types.ts";
import { defineTool } from "../define_tool.ts";
import type { CommandOptions } from "./command_options.ts";
import { CommandRefusal } from "./command_refusal.ts";
import { describeCommands } from "./describe_commands.ts";
import { middleCut, OutputLog, startOf, TooLong } from "./output_log.ts";
import { openCommands } from "./open_commands.ts";
import { parseScript } from "./parse_script.ts";
import { TooMuch } from "./pipeline_runner.ts";
import { runScript } from "./run_script.ts";
import type { Tool, ToolContext, ToolDeps, ToolResult } from "../tool.ts";

const Input = z.strictObject({
  command: z.string().min(1).describe("The command line."),
  working_dir: z.string().optional().describe("A folder below the working directory to run it in."),
  timeout: z.number().positive().optional().describe("Seconds after which it is stopped, if sooner than usual."),
});
type Input = z.output<typeof Input>;

/** What of a long output is kept for peers, in characters. */
const KEPT = 256 * 1024;

/** The tool of this name. Throws Error where commands cannot be held as the configuration wants them held. */
export function commandTool(name: string, options: CommandOptions, deps: ToolDeps): Tool {
  const commands = openCommands(options, deps);
  return defineTool({
    name,
    description: describeCommands(options, commands),
    input: () => Input,
    replay: "once",
    // Only where both hold it: a list that somebody wrote, and the kernel.
    needsApproval: () => options.allowed_commands.length === 0 || commands.sandbox.level !== "kernel",
    run: (input, context) => run(input, context, { options, ...commands }),
  });
}

type Means = ReturnType<typeof openCommands> & { readonly options: CommandOptions };

async function run(input: Input, context: ToolContext, { options, sandbox, rules, root }: Means): Promise<ToolResult> {
  const seconds = Math.min(input.timeout ?? Infinity, options.max_execution_time);
  const log = new OutputLog({ maxBytes: options.max_output_size, maxSaid: options.max_output_chars }, context.say);
  const late = AbortSignal.timeout(Math.ceil(seconds * 1000));
  const scratch = await Deno.makeTempDir({ prefix: "hector-command-" });
  try {
    const code = await runScript(parseScript(input.command), {
      rules,
      sandbox,
      scratch: await Deno.realPath(scratch),
      folder: relative(root, resolve(root, input.working_dir ?? "")),
      signal: AbortSignal.any([context.signal, late]),
      onOutput: (on, bytes) => log.take(on, bytes),
    });
    return resultOf(`exit code ${code}`, code !== 0, { log, options });
  } catch (thrown) {
    context.signal.throwIfAborted();
    const end = thrown === late.reason ? `it ran longer than ${seconds} s` : endOf(thrown);
    if (end === undefined) throw thrown;
    return resultOf(thrown instanceof CommandRefusal ? `refused: ${end}` : `stopped: ${end}`, true, { log, options });
  } finally {
    // A command may leave what even its owner cannot remove; the system's own cleaning of /tmp is for that.
    await Deno.remove(scratch, { recursive: true }).catch(() => {});
  }
}

function endOf(thrown: unknown): string | undefined {
  if (thrown instanceof CommandRefusal || thrown instanceof TooLong) return thrown.message;
  if (!(thrown instanceof TooMuch)) return undefined;
  return thrown.of === "processes" ? "it started too many processes" : "it used too much memory";
}

interface Ended {
  readonly log: OutputLog;
  readonly options: CommandOptions;
}

/** How it ended comes first, so that no cut takes it away. */
function resultOf(end: string, isError: boolean, { log, options: { max_output_chars: maxChars } }: Ended): ToolResult {
  const { output, errors } = log.end();
  const whole = errors === ""
    ? output
    : `${output}${output === "" || output.endsWith("\n") ? "" : "\n"}[errors]\n${errors}`;
  const isCut = whole.length > maxChars;
  const errorChars = Math.min(errors.length, Math.floor(maxChars / 3));
  const shown = errors === ""
    ? middleCut(output, maxChars)
    : `${middleCut(output, maxChars - errorChars)}\n[errors]\n${
      middleCut(errors, Math.max(errorChars, maxChars - output.length))
    }`;
  const part: Part = { text: startOf(whole, KEPT), filename: "output.txt", mediaType: "text/plain" };
  return {
    content: `[${end}]\n${isCut ? shown : whole}`,
    isError,
    ...(isCut ? { parts: [part] } : {}),
  };
}
