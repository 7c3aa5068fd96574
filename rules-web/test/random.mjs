// Random bills of every mechanic, decided by the browser build as by the server: the same answer, character by character, and the same
// hash. The JVM's tests of rules write them (BrowserCasesTest).
// Run: node --test rules-web/test/   (after mvn -pl rules-web -am package with tests)
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const written = join(root, "rules/target/random-bills.ndjson");
const rules = await import(pathToFileURL(join(root, "rules-web/target/js/offtake-rules.js")));

test("[SCH-10] [SCH-16] random bills are decided in the browser as on the server, with the same hash", { skip: !existsSync(written) && "run the tests of rules first" }, () => {
  const rows = readFileSync(written, "utf8").trim().split("\n");
  for (const row of rows) {
    const { seed, book, command, answer, bookHash, hash } = JSON.parse(row);
    const handle = rules.open(book);
    try {
      assert.equal(rules.decide(handle, command), answer, `seed ${seed}`);
      const request = `{"bookHash":"${bookHash}","command":${command},"answer":${answer}}`;
      assert.equal(JSON.parse(rules.call(handle, "hash", request)).hash, hash, `seed ${seed}: the hash`);
    } finally {
      rules.release(handle);
    }
  }
  assert.ok(rows.length >= 100, `${rows.length} bills`);
});
