// The golden cases of spec/ against the browser build: the same files as GoldenTest on the JVM, equal to the paisa.
// Run: node --test rules-web/test/   (after mvn -pl rules-web -am package)
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const spec = join(root, "spec");
const artifact = join(root, "rules-web/target/js/offtake-rules.js");
const rules = await import(pathToFileURL(artifact));
const fixture = JSON.parse(readFileSync(join(spec, "fixture/fixture.json"), "utf8"));

/** Capabilities that a folder's cases prove. */
const folders = {
  quantities: "[STK-09]",
  prices: "[SCH-02] [BIL-03]",
  schemes: "[SCH-04] [SCH-10] [SCH-16]",
  promotions: "[SCH-10]",
  tax: "[BIL-02] [BIL-04]",
  stock: "[STK-08]",
  credit: "[RCV-01]",
  postings: "[STK-01] [RCV-04]",
  mechanics: "[SCH-03] [SCH-09] [SCH-10] [SCH-19]",
  limits: "[SCH-11] [SCH-12]",
  returns: "[SCH-12] [CMP-04]",
  settlements: "[SCH-07] [SCH-13]",
  ladder: "[SCH-10] [SCH-18]",
  checks: "[SCH-04]",
  systems: "[LOC-01] [CMP-05]",
};

const merge = (base, over) => {
  const merged = { ...base };
  for (const [name, value] of Object.entries(over ?? {}))
    merged[name] = isObject(value) && isObject(base[name]) ? merge(base[name], value) : value;
  return merged;
};
const isObject = value => typeof value === "object" && value !== null && !Array.isArray(value);

/** ISO dates, which people read, as epoch days, which the engine reads. */
const days = value => {
  if (Array.isArray(value)) return value.map(days);
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, days(member)]));
  return typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value) ? Date.parse(`${value}T00:00:00Z`) / 86_400_000 : value;
};

const bookOf = given => {
  const book = merge(fixture.book, given.book);
  book.schemes = (given.schemes ?? []).map(named => {
    const scheme = typeof named === "string" ? { like: named } : named;
    const like = scheme.like ? { ...fixture.schemes[scheme.like], code: scheme.like } : {};
    const whole = { ...fixture.schemeDefaults, ...like, ...scheme };
    return { ...whole, id: whole.code };
  });
  return days(book);
};

/** Members of a command that a case may give as they are. */
const commandMembers = ["kind", "paymentMode", "saleType", "approved", "principalId", "level", "orderSource", "warehouseId", "minuteOfDay", "orderedOn", "explain",
  "limits", "cumulated", "choices", "manual", "charges"];

const commandOf = given => {
  const command = { ...fixture.command };
  for (const name of commandMembers) if (name in given) command[name] = given[name];
  if (given.on) command.businessDate = given.on;
  const outlet = given.outlet ?? "O1";
  command.outlet = typeof outlet === "string" ? fixture.outlets[outlet] : { ...fixture.outlets[outlet.like], ...outlet };
  command.lines = given.lines.map(({ sku, ...line }, at) => ({ line: at + 1, ...line, skuId: sku }));
  command.batches = given.batches ?? fixture.batches;
  return days(command);
};

const readable = answer => ({
  outcome: answer.outcome,
  journal: (answer.journal ?? []).map(e => [e.debit ? "Dr" : "Cr", e.account, e.taxHead, e.debit ?? e.credit].filter(Boolean).join(" ")),
  stock: (answer.stock ?? []).map(e => `${e.node} ${e.qty.startsWith("-") ? "" : "+"}${e.qty}`),
});

const answerOf = given => {
  const handle = rules.open(JSON.stringify(bookOf(given)));
  try {
    if (given.enter) {
      const entry = JSON.parse(rules.parseQuantity(handle, given.enter.sku, given.enter.text));
      return entry.error ? { error: entry.error.code } : { qty: entry.qty };
    }
    if (given.post) {
      const request = days(given.post);
      if (given.lines) request.command = commandOf(given);
      return readable(JSON.parse(rules.post(handle, JSON.stringify(request))));
    }
    if (given.call) return JSON.parse(rules.call(handle, given.call.name, JSON.stringify(days(given.call.request))));
    const command = commandOf(given), answer = JSON.parse(rules.decide(handle, JSON.stringify(command)));
    if (!given.returns) return answer;
    const returns = [];
    for (const row of given.returns) {
      const request = { ...row, command, decision: answer, earlier: returns, ...(returns.length ? { carry: returns.at(-1).totals.carry } : {}) };
      returns.push(JSON.parse(rules.call(handle, "reverse", JSON.stringify(request))));
    }
    return { ...answer, returns };
  } finally {
    rules.release(handle);
  }
};

const compare = (at, expected, found) => {
  if (Array.isArray(expected)) {
    assert.equal(found?.length, expected.length, `${at}: ${JSON.stringify(found)}`);
    expected.forEach((item, place) => compare(`${at}/${place}`, item, found[place]));
  } else if (isObject(expected)) {
    assert.ok(isObject(found), `${at}: expected an object, found ${JSON.stringify(found)}`);
    for (const [name, value] of Object.entries(expected)) compare(`${at}/${name}`, value, found[name === "sku" ? "skuId" : name]);
  } else assert.equal(found ?? null, expected, at);
};

for (const [folder, capabilities] of Object.entries(folders)) {
  for (const file of readdirSync(join(spec, folder)).sort()) {
    for (const golden of JSON.parse(readFileSync(join(spec, folder, file), "utf8")).cases ?? []) {
      test(`${capabilities} ${golden.id}: ${golden.title}`, () => {
        const { trace = {}, ...expect } = days(golden.expect);
        const answer = answerOf(golden.given);
        for (const [code, row] of Object.entries(trace)) compare(`trace/${code}`, row, answer.trace.find(r => r.code === code));
        compare("", expect, answer);
      });
    }
  }
}

test("[BIL-03] the example of spec/README.md gives the example answer, member for member", () => {
  const examples = [...readFileSync(join(spec, "README.md"), "utf8").matchAll(/```json([\s\S]*?)```/g)].map(match => match[1]);
  const handle = rules.open(examples[0]);
  assert.deepEqual(JSON.parse(rules.decide(handle, examples[1])), JSON.parse(examples[3]));
  rules.release(handle);
  assert.throws(() => rules.decide(handle, examples[1]), /handle/);
});

test("[OUT-02] IN-01 gives the right verdict on every number of the data set", () => {
  for (const { gstin, valid } of JSON.parse(readFileSync(join(spec, "tax/gstin.json"), "utf8")).gstins)
    if (valid !== null) assert.equal(rules.isGstin(gstin), valid, gstin);
});

const decisions = join(root, "rules/target/decisions.ndjson");
test("[SCH-10] 300 generated bills of all mechanics are decided as on the JVM, character by character, with the same hash", { skip: !existsSync(decisions) && "run the tests of rules first" }, () => {
  for (const row of readFileSync(decisions, "utf8").trim().split("\n")) {
    const { seed, book, command, answer, hash } = JSON.parse(row);
    const handle = rules.open(JSON.stringify(book));
    assert.equal(rules.decide(handle, JSON.stringify(command)), JSON.stringify(answer), `seed ${seed}`);
    assert.deepEqual(JSON.parse(rules.call(handle, "hash", JSON.stringify({ bookHash: "book", command, answer }))), { hash }, `seed ${seed}`);
    rules.release(handle);
  }
});

test("a book that is none is refused with its place", () => {
  assert.throws(() => rules.open("{}"), /\/currency\/code: is missing/);
  assert.throws(() => rules.open("[]"), /object/);
});

test("what a counter bills with stays under 100 KB compressed, the whole module under 140 KB", () => {
  const size = (file) => gzipSync(readFileSync(file), { level: 9 }).length;
  assert.ok(size(join(root, "rules-web/target/js/offtake-rules-counter.js")) < 100 * 1024);
  assert.ok(size(artifact) < 140 * 1024);
});

after(() => {
  const bytes = statSync(artifact).size;
  console.log(`offtake-rules.js: ${bytes} bytes, ${gzipSync(readFileSync(artifact), { level: 9 }).length} compressed`);
});
