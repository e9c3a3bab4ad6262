import { CommandRefusal } from "./command_refusal.ts";
import { judgeOptions, shown } from "./judge_options.ts";

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Subcommands of git itself: any other word may be an alias, which is a program of the repository's choice. */
const SUBCOMMANDS: ReadonlySet<string> = new Set(words(`
  add am apply archive bisect blame branch cat-file check-attr check-ignore checkout cherry cherry-pick clean clone commit
  config count-objects describe diff diff-files diff-index diff-tree fetch for-each-ref format-patch fsck gc grep init log
  ls-files ls-remote ls-tree merge merge-base mv name-rev notes prune pull push range-diff rebase reflog remote repack
  reset restore rev-list rev-parse revert rm shortlog show show-branch show-ref stash status switch symbolic-ref tag
  update-index var verify-commit verify-tag version whatchanged worktree write-tree
`));

/** Options before the subcommand that change nothing but where it looks or how it prints. */
const GLOBAL: ReadonlySet<string> = new Set(words(`
  --no-pager -P --no-replace-objects --bare --literal-pathspecs --no-optional-locks --version --no-advice
`));

const BY_SUBCOMMAND: ReadonlyMap<string, { readonly long?: readonly string[]; readonly short?: string }> = new Map([
  ["apply", { long: ["unsafe-paths"] }],
  ["archive", { long: ["remote", "exec"] }],
  ["clone", { long: ["config", "template", "upload-pack"], short: "cu" }],
  ["commit", { long: ["edit", "gpg-sign"], short: "eS" }],
  ["diff", { long: ["ext-diff", "textconv"] }],
  ["fetch", { long: ["upload-pack"] }],
  ["grep", { long: ["open-files-in-pager", "textconv"], short: "O" }],
  ["init", { long: ["template"] }],
  ["log", { long: ["ext-diff", "textconv"] }],
  ["ls-remote", { long: ["upload-pack", "exec"] }],
  ["pull", { long: ["upload-pack", "exec", "strategy"], short: "sx" }],
  ["push", { long: ["receive-pack", "exec"] }],
  ["rebase", { long: ["exec", "interactive", "strategy", "edit-todo"], short: "xis" }],
  ["merge", { long: ["strategy"], short: "s" }],
  ["cherry-pick", { long: ["strategy", "edit"], short: "e" }],
  ["revert", { long: ["strategy", "edit"], short: "e" }],
  ["show", { long: ["ext-diff", "textconv"] }],
  ["blame", { long: ["textconv"] }],
  ["cat-file", { long: ["textconv", "filters"] }],
  ["am", { long: ["interactive"], short: "i" }],
  ["add", { long: ["edit", "interactive"], short: "ei" }],
  ["clean", { long: ["interactive"], short: "i" }],
  ["tag", { long: ["edit", "sign", "verify"], short: "esuv" }],
  ["branch", { long: ["edit-description"] }],
]);

/** Throws CommandRefusal for what makes git run something else, or lets it do so later. */
export function judgeGit(args: readonly string[]): void {
  const at = skipGlobal(args);
  const subcommand = args[at];
  if (subcommand === undefined) return;
  if (!SUBCOMMANDS.has(subcommand)) {
    throw new CommandRefusal(`git ${shown(subcommand)} is none of the subcommands that are known to run nothing else`);
  }
  const rest = args.slice(at + 1);
  judgeOptions(`git ${subcommand}`, rest, BY_SUBCOMMAND.get(subcommand) ?? {});
  if (subcommand === "config") judgeConfig(rest);
  if (subcommand === "bisect" && rest.includes("run")) throw new CommandRefusal("git bisect run runs another program");
  const transport = rest.find((word) => /(?:^|=)\s*[\w+-]+::/.test(word));
  if (transport !== undefined) {
    throw new CommandRefusal(`${shown(transport)} names a transport, which is another program`);
  }
}

function skipGlobal(args: readonly string[]): number {
  let at = 0;
  for (; args[at]?.startsWith("-") === true; at++) {
    const word = args[at] ?? "";
    if (word === "-C") at++;
    else if (!GLOBAL.has(word)) {
      throw new CommandRefusal(
        `git's option ${shown(word)} can make it run another program or read another configuration`,
      );
    }
  }
  return at;
}

/** What the configuration says is run later. */
function judgeConfig(args: readonly string[]): void {
  const [first = ""] = args;
  const reads = ["--get", "--get-all", "--get-regexp", "--list", "-l", "list", "get"].includes(first);
  if (!reads || args.some((word) => /^(?:-e|--edit|-f.*|--fi.*|--bl.*)$/.test(word))) {
    throw new CommandRefusal("of git config only --get, --get-all, --get-regexp and --list are allowed");
  }
}
