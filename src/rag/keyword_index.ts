import { DatabaseSync, type StatementSync } from "node:sqlite";
import { z } from "zod";
import { type Passage, passages } from "./passages.ts";
import { toMatchExpression, toTerms } from "./search_terms.ts";

/**
 * Categories: without M, the tokenizer would split Indic words at their vowel signs. Porter's stemmer lets "configure"
 * find "configuration"; it leaves alone what does not look English.
 */
const SCHEMA = `
  CREATE TABLE passage (
    id INTEGER PRIMARY KEY, path TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, text TEXT NOT NULL
  );
  CREATE INDEX passage_path ON passage (path);
  CREATE VIRTUAL TABLE words USING fts5 (
    path, body, content = '', contentless_delete = 1,
    tokenize = "porter unicode61 remove_diacritics 2 categories 'L* N* Co M*'"
  );`;
/** Ranked first, so that text is fetched for what is shown only. */
const FIND = `
  WITH best AS (SELECT rowid AS id, -bm25(words) AS score FROM words WHERE words MATCH ? ORDER BY bm25(words), rowid LIMIT ?)
  SELECT path, first, last, text, score FROM best JOIN passage USING (id) ORDER BY score DESC, id`;

const Found = z.object({ path: z.string(), first: z.int(), last: z.int(), text: z.string(), score: z.number() });
const Count = z.object({ count: z.int() });

export interface IndexHit extends Passage {
  readonly path: string;
  /** BM25; higher is better. */
  readonly score: number;
}

/**
 * Text files by their words, ranked by BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009) in
 * SQLite's FTS5, in memory. Every call holds its thread until it is done, so it belongs into a worker.
 */
export class KeywordIndex implements Disposable {
  readonly #db = new DatabaseSync(":memory:");
  readonly #statements = new Map<string, StatementSync>();

  constructor() {
    this.#db.exec(SCHEMA);
  }

  /** Changes everything that `act` changes, or nothing. Many changes in one are much faster than each by itself. */
  change(act: () => void): void {
    this.#db.exec("BEGIN");
    try {
      act();
      this.#db.exec("COMMIT");
    } catch (thrown) {
      this.#db.exec("ROLLBACK");
      throw thrown;
    }
  }

  /** Takes the file in, in place of what was known of it. */
  put(path: string, text: string): void {
    this.remove(path);
    const passage = this.#prepared("INSERT INTO passage (path, first, last, text) VALUES (?, ?, ?, ?)");
    const words = this.#prepared("INSERT INTO words (rowid, path, body) VALUES (?, ?, ?)");
    const pathTerms = toTerms(path);
    for (const { firstLine, lastLine, text: body } of passages(text)) {
      const { lastInsertRowid } = passage.run(path, firstLine, lastLine, body);
      words.run(lastInsertRowid, pathTerms, toTerms(body));
    }
  }

  remove(path: string): void {
    this.#prepared("DELETE FROM words WHERE rowid IN (SELECT id FROM passage WHERE path = ?)").run(path);
    this.#prepared("DELETE FROM passage WHERE path = ?").run(path);
  }

  /** The `limit` best passages, none of which shares lines with a better one, and how many match. */
  find(query: string, limit: number): { readonly hits: readonly IndexHit[]; readonly total: number } {
    const expression = toMatchExpression(query);
    if (expression === "") return { hits: [], total: 0 };
    const { count } = Count.parse(
      this.#prepared("SELECT count(*) AS count FROM words WHERE words MATCH ?").get(expression),
    );
    const rows = z.array(Found).parse(this.#prepared(FIND).all(expression, limit * 4));
    const hits: IndexHit[] = [];
    for (const { first: firstLine, last: lastLine, ...row } of rows) {
      if (hits.length === limit) break;
      const hit = { ...row, firstLine, lastLine };
      if (!hits.some((better) => isOverlap(better, hit))) hits.push(hit);
    }
    return { hits, total: count };
  }

  passageCount(): number {
    return Count.parse(this.#prepared("SELECT count(*) AS count FROM passage").get()).count;
  }

  [Symbol.dispose](): void {
    this.#db.close();
  }

  #prepared(sql: string): StatementSync {
    const known = this.#statements.get(sql) ?? this.#db.prepare(sql);
    this.#statements.set(sql, known);
    return known;
  }
}

/** Pieces of one long line share it without sharing text, so only what spans several lines can overlap. */
function isOverlap(a: IndexHit, b: IndexHit): boolean {
  const spans = a.firstLine < a.lastLine || b.firstLine < b.lastLine;
  return spans && a.path === b.path && a.firstLine <= b.lastLine && b.firstLine <= a.lastLine;
}
