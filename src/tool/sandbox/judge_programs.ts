import { CommandRefusal } from "./command_refusal.ts";
import { judgeGit } from "./judge_git.ts";
import { judgeOptions, shown } from "./judge_options.ts";
import { FOLLOWING_OPTIONS, REFUSED_OPTIONS } from "./program_lists.ts";
import { isWrapper, type Wrapped, wrapped } from "./wrappers.ts";

/** What is known of a program: what it would run besides itself, and what it needs to run nothing else. */
export interface Judged {
  /** Programs that it would run, each with the arguments that are known. */
  readonly inner: readonly Wrapped[];
  /** Put before its own arguments. */
  readonly guard: readonly string[];
}

const NOTHING: Judged = { inner: [], guard: [] };

type Judge = (args: readonly string[], real: string) => Judged;

const TARS = ["tar", "gtar", "bsdtar"];

const JUDGES: ReadonlyMap<string, Judge> = new Map<string, Judge>([
  ["git", (args) => {
    judgeGit(args);
    return NOTHING;
  }],
  ...["find", "gfind"].map((name): [string, Judge] => [name, (args) => ({ inner: judgeFind(args), guard: [] })]),
  ...TARS.map((name): [string, Judge] => [name, (args) => {
    judgeTar(args);
    return NOTHING;
  }]),
  ...["sed", "gsed"].map((name): [string, Judge] => [name, judgeSed]),
  ...["awk", "gawk", "mawk", "nawk", "original-awk"].map((name): [string, Judge] => [name, judgeAwk]),
]);

/** Whether what `name` does hangs on its arguments. */
export function hasRules(name: string): boolean {
  return JUDGES.has(name) || REFUSED_OPTIONS.has(name) || isWrapper(name);
}

export interface Judgement {
  readonly args: readonly string[];
  /** The program's own name; "" where nothing can be put before its arguments. */
  readonly real: string;
  /** Whether a kernel sandbox holds it. */
  readonly isConfined: boolean;
}

/** Throws CommandRefusal for arguments by which `name` does more than its name says. */
export function judgeProgram(name: string, { args, real, isConfined }: Judgement): Judged {
  const options = [REFUSED_OPTIONS.get(name), isConfined ? undefined : FOLLOWING_OPTIONS.get(name)];
  const [first = "", ...rest] = args;
  // The oldest spelling of tar's options has no dash: tar xIf.
  const spelled = TARS.includes(name) && !first.startsWith("-") ? [`-${first}`, ...rest] : args;
  for (const refused of options) if (refused !== undefined) judgeOptions(name, spelled, refused);
  const inner = wrapped(name, args);
  if (inner !== undefined) return { inner: [inner], guard: [] };
  return JUDGES.get(name)?.(args, real) ?? NOTHING;
}

const FIND_WRITES = ["-delete", "-fprint", "-fprint0", "-fprintf", "-fls"];
const FIND_RUNS = ["-exec", "-execdir", "-ok", "-okdir"];

function judgeFind(args: readonly string[]): Wrapped[] {
  const inner: Wrapped[] = [];
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? "";
    if (FIND_WRITES.includes(word)) throw new CommandRefusal(`find's ${word} changes files`);
    if (word.startsWith("-files0-from") || word === "-f") {
      throw new CommandRefusal(`find's ${word} reads names of a file`);
    }
    if (!FIND_RUNS.includes(word)) continue;
    const end = args.findIndex((each, index) =>
      index > at && (each === ";" || (each === "+" && args[index - 1] === "{}"))
    );
    const argv = args.slice(at + 1, end < 0 ? undefined : end);
    if (argv[0] === undefined || argv[0].includes("{}")) {
      throw new CommandRefusal(`find's ${word} would run the files that it finds`);
    }
    inner.push({ argv, isOpen: argv.some((each) => each.includes("{}")) });
    at = end < 0 ? args.length : end;
  }
  return inner;
}

function judgeTar(args: readonly string[]): void {
  const remote = args.find((word) => /^(?:-\w*f|--file=)?\w[\w.@-]*:/.test(word));
  if (remote !== undefined) throw new CommandRefusal(`${shown(remote)} is an archive on another machine`);
}

/** GNU sed can be told to refuse e, r and w itself; of others, everything that looks like them is refused. */
function judgeSed(args: readonly string[], real: string): Judged {
  if (real === "sed" && Deno.build.os === "linux") return { inner: [], guard: ["--sandbox"] };
  const found = args.find((word) => /(?:^|[;{}\d$/,!\s|#])[erwRW](?:\s|$|[./~])|[/|#,][gpimIM\d]*[ewW]/.test(word));
  if (found !== undefined) throw new CommandRefusal(`${shown(found)} may make sed run programs or write files`);
  return NOTHING;
}

function judgeAwk(args: readonly string[], real: string): Judged {
  judgeOptions("awk", args, {
    long: ["exec", "include", "load", "debug", "profile", "pretty-print", "dump-variables"],
    short: "EildoDpW",
    starts: ["-f", "--f"],
  });
  if (real === "gawk") return { inner: [], guard: ["--sandbox"] };
  const found = args.find((word) =>
    /\b(?:system|getline|ARGV|ARGC|printf?\b.*>|close|fflush)|[|@]/s.test(word.replaceAll("||", ""))
  );
  if (found !== undefined) throw new CommandRefusal(`${shown(found)} may make awk run programs or write files`);
  return NOTHING;
}
