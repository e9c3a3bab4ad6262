import { CommandRefusal } from "./command_refusal.ts";
import { readTokens, type Token } from "./read_tokens.ts";
import type { WordToken } from "./read_word.ts";
import type { Command, Pipeline, Redirect, Script, Step, Word } from "./script.ts";

const MAX_COMMANDS = 64;

/** Words that mean something to a shell where a program's name stands. */
const SHELL_WORDS: ReadonlySet<string> = new Set(
  ("! { } [[ ]] if then else elif fi for while until do done case esac in function select coproc " +
    "export unset set eval exec source . : alias unalias trap ulimit umask read declare local typeset let shift return " +
    "exit break continue wait jobs fg bg bind builtin command enable hash type getopts pushd popd dirs history fc shopt " +
    "complete compgen compopt logout suspend times caller mapfile readarray disown readonly").split(" "),
);

/**
 * Reads a command line: words, quotes, `*` `?` `[…]`, pipelines, `&&` `||` `;` and line ends, redirections to files,
 * `NAME=value` before a command, comments. Throws CommandRefusal for everything else.
 */
export function parseScript(text: string): Script {
  const tokens = readTokens(text);
  const steps: Step[] = [];
  let after: Step["after"] = ";";
  let commands: Command[] = [];
  let own: Token[] = [];
  let count = 0;
  const endCommand = (by: string) => {
    if (own.length === 0) throw new CommandRefusal(`a command is missing before ${by}`);
    if (++count > MAX_COMMANDS) throw new CommandRefusal(`it holds more than ${MAX_COMMANDS} commands`);
    commands.push(toCommand(own));
    own = [];
  };
  const endStep = (by: string) => {
    endCommand(by);
    steps.push({ after, pipeline: toPipeline(commands) });
    commands = [];
  };
  for (const token of tokens) {
    if (token.kind !== "operator") own.push(token);
    else if (token.text === "|") endCommand("|");
    // Empty lines, and a line end or ; at the very end, say nothing.
    else if (token.text === ";" && own.length === 0 && commands.length === 0 && after === ";") continue;
    else {
      endStep(token.text);
      after = token.text;
    }
  }
  if (own.length > 0 || commands.length > 0 || after !== ";") endStep("the end");
  if (steps.length === 0) throw new CommandRefusal("there is no command in it");
  return steps;
}

function toPipeline([first, ...rest]: readonly Command[]): Pipeline {
  if (first === undefined) throw new CommandRefusal("there is no command in it");
  if (rest.length > 0) {
    const lost = [first, ...rest].find(({ words: [{ text }] }) => text === "cd");
    if (lost !== undefined) throw new CommandRefusal("cd in a pipeline would change nothing");
  }
  return [first, ...rest];
}

function toCommand(tokens: readonly Token[]): Command {
  const variables: (readonly [string, string])[] = [];
  const words: Word[] = [];
  const redirects: Redirect[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (token === undefined || token.kind === "operator") continue;
    if (token.kind === "copy") redirects.push({ fd: token.fd, how: "copy", of: token.of });
    else if (token.kind === "redirect") {
      const file = tokens[++at];
      redirects.push({ fd: token.fd, how: token.how, file: fileOf(file, token.how) });
    } else {
      const variable = words.length === 0 ? variableOf(token) : undefined;
      if (variable !== undefined) variables.push(variable);
      else words.push(words.length === 0 ? programOf(token) : wordOf(token));
    }
  }
  const [first, ...rest] = words;
  if (first === undefined) {
    const found = variables.length > 0 ? "variables are set for one command only" : "it redirects nothing";
    throw new CommandRefusal(`${found}: write a command behind`);
  }
  return { variables, words: [first, ...rest], redirects };
}

function wordOf({ text, pattern }: WordToken): Word {
  return { text, ...(pattern === undefined ? {} : { pattern }) };
}

function programOf(token: WordToken): Word {
  if (token.text === "") throw new CommandRefusal("the name of a command is empty");
  if (token.pattern !== undefined && token.text !== "[") {
    throw new CommandRefusal("the name of a command holds a pattern");
  }
  if (SHELL_WORDS.has(token.text)) {
    throw new CommandRefusal(`"${token.text}" is a word of the shell, and no shell runs here`);
  }
  return { text: token.text };
}

function variableOf({ bare, text }: WordToken): readonly [string, string] | undefined {
  const name = /^([A-Za-z_]\w*)(\+|\[[^\]]*\])?=/.exec(bare);
  if (name === null) return undefined;
  if (name[2] !== undefined) throw new CommandRefusal("only NAME=value is understood before a command");
  return [name[1] ?? "", text.slice(name[0].length)];
}

function fileOf(token: Token | undefined, how: string): string {
  if (token?.kind !== "word" || token.text === "") throw new CommandRefusal(`a file is missing after ${how}`);
  if (token.pattern !== undefined) throw new CommandRefusal(`the file after ${how} holds a pattern`);
  return token.text;
}
