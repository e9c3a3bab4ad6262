import { answerOf, questionOf } from "../a2a/parts.ts";
import { pushFailuresOf } from "../a2a/push_failures.ts";
import type { A2AService } from "../a2a/service.ts";
import { type ListTasksRequest, type Task, TaskState } from "../a2a/types.ts";
import { UsageError, wholeNumber } from "./arguments.ts";
import { callAt } from "./connect.ts";
import { EXIT, type ExitCode } from "./exit_codes.ts";
import { table } from "./list.ts";
import { printJson } from "./output.ts";
import type { TaskAsk } from "./task_ask.ts";
import { printable } from "./terminal.ts";

const DEFAULT_LIMIT = 50;
const MAX_PAGE = 100;

export async function getTask({ service, id, surroundings: { terminal }, output }: TaskAsk): Promise<ExitCode> {
  const task = await service.getTask({ id }, callAt(new AbortController().signal));
  if (output === "json") printJson(terminal, task);
  else terminal.out(describe(task));
  return EXIT.ok;
}

export async function cancelTask({ service, id, surroundings: { terminal }, output }: TaskAsk): Promise<ExitCode> {
  const task = await service.cancelTask({ id }, callAt(new AbortController().signal));
  if (output === "json") printJson(terminal, task);
  else terminal.out(`${printable(task.id)} is ${plainState(task.status.state)}\n`);
  return EXIT.ok;
}

export async function listTasks({ service, args, surroundings: { terminal }, output }: TaskAsk): Promise<ExitCode> {
  const limit = wholeNumber("limit", args.strings.get("limit") ?? String(DEFAULT_LIMIT), [1, 100_000]);
  const contextId = args.strings.get("session");
  const filter: ListTasksRequest = {
    ...(contextId === undefined ? {} : { contextId }),
    ...readStatus(args.strings.get("status")),
    historyLength: 0,
  };
  const { tasks, totalSize } = await pages(service, filter, limit);
  if (output === "json") printJson(terminal, { tasks, totalSize });
  else {
    terminal.out(table([["TASK", "STATE", "UPDATED", "SESSION"], ...tasks.map(row)]));
    if (totalSize > tasks.length) terminal.err(`${terminal.dim(`${tasks.length} of ${totalSize}: see --limit`)}\n`);
  }
  return EXIT.ok;
}

async function pages(service: A2AService, filter: ListTasksRequest, limit: number) {
  const tasks: Task[] = [];
  const call = callAt(new AbortController().signal);
  for (let pageToken = "";;) {
    const pageSize = Math.min(MAX_PAGE, limit - tasks.length);
    const page = await service.listTasks({ ...filter, pageSize, ...(pageToken === "" ? {} : { pageToken }) }, call);
    tasks.push(...page.tasks);
    pageToken = page.nextPageToken;
    if (pageToken === "" || page.tasks.length === 0 || tasks.length >= limit) {
      return { tasks, totalSize: page.totalSize };
    }
  }
}

/** `TASK_STATE_INPUT_REQUIRED` → `input-required`. */
function plainState(state: TaskState): string {
  return state.replace("TASK_STATE_", "").toLowerCase().replaceAll("_", "-");
}

/** Reads a state in either spelling. Throws UsageError. */
function readStatus(text: string | undefined): Pick<ListTasksRequest, "status"> {
  if (text === undefined) return {};
  const states = TaskState.out.options.flatMap((state) => state === "TASK_STATE_UNSPECIFIED" ? [] : [state]);
  const wanted = text.toLowerCase().replaceAll("_", "-");
  const status = states.find((state) => state === text || plainState(state) === wanted);
  if (status !== undefined) return { status };
  throw new UsageError(`Flag "--status" takes ${states.map(plainState).join(", ")}: found "${text}"`);
}

function row({ id, contextId = "", status }: Task): string[] {
  return [id, plainState(status.state), status.timestamp ?? "", contextId].map(printable);
}

function describe(task: Task): string {
  const { id, contextId = "", status } = task;
  const rows: [string, string][] = [
    ["task", id],
    ["state", plainState(status.state)],
    ["updated", status.timestamp ?? ""],
    ["session", contextId],
    ["asked", questionOf(task)],
    ...pushFailuresOf(task).map(({ id, toldSeq, at, attempts, reason }): [string, string] => [
      "webhook",
      `${id} given up at ${at}: ${reason} (attempts: ${attempts}, told up to event ${toldSeq})`,
    ]),
  ];
  const facts = rows.filter(([, value]) => value !== "").map(([name, value]) =>
    `${name.padEnd(8)} ${printable(value)}\n`
  );
  const answer = printable(answerOf(task));
  return `${facts.join("")}${answer === "" ? "" : `\n${answer}\n`}`;
}
