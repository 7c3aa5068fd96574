package io.offtake.exchange.federation;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.access.Role;
import io.offtake.access.ScopeChanges;
import io.offtake.access.testing.Client;
import io.offtake.access.testing.People;
import io.offtake.platform.TenantTransaction;
import io.offtake.platform.testing.ServerTest;
import io.offtake.testing.Fixture;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The data contract through HTTP (domain 11): the samples of `spec/federation` are taken in, and each of their mutations
/// fails with its clause.
@ServerTest
class FederationTest {
    static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Path SPEC = Path.of("../spec/federation");
    private static final String BOUNDARY = "feed-boundary";

    @LocalServerPort int port;
    @Autowired People people;
    @Autowired TenantTransaction transactions;
    @Autowired Clock clock;
    @Autowired ScopeChanges scopes;
    private Fixture network;
    private Fixture.Distributor d1;
    private String code;
    /// Signed in once for all tests of the class: an address may sign in only so often.
    private static Client clerk;
    private static Client coe;
    private LocalDate yesterday;
    private int serial;

    @BeforeEach
    void distributorWithAnotherSystem() {
        var today = LocalDate.now(clock.withZone(ZoneId.of("Asia/Kolkata")));
        yesterday = today.minusDays(1);
        network = new Fixture(transactions, today);
        d1 = network.distributor("FED");
        code = "FED-" + network.tag;
        scopes.distributorsChanged();
        if (clerk == null) clerk = people.headOffice(Role.BC).signIn(port);
        if (coe == null) coe = people.headOffice(Role.COE).signIn(port);
        assertThat(coe.send("PUT", "/api/v1/feeds/sources", Map.of("distributorId", d1.id(), "sourceSystem", "TALLY", "name", "Tally", "recordTypes", List.of("FC-1", "FC-2", "FC-3", "FC-4", "FC-6", "FC-7", "FC-8"), "cutOff", "23:59",
                "level", "SILVER", "activeFrom", today.minusMonths(14).toString()), Map.of()).status()).isEqualTo(200);
        map("OUTLET", "LEDGER-17", "O1");
        map("OUTLET", "LEDGER-22", "O2");
        map("SKU", "SOAP100", "S1");
        map("SKU", "BISC75", "S2");
        map("SKU", "DET1KG", "S3");
    }

    private Client.Answer map(String kind, String external, String target) {
        var answer = clerk.post("/api/v1/feeds/code-maps", Map.of("distributorId", d1.id(), "sourceSystem", "TALLY", "kind", kind, "externalId", external, "targetCode", target));
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return answer;
    }

    /// A sample with yesterday's date and bills of its own.
    private ObjectNode sample(String name) {
        try {
            var own = "K" + ++serial + "/";
            var text = Files.readString(SPEC.resolve(name + ".json")).replace("2026-11-25", yesterday.toString()).replace("2026-12-09", yesterday.plusDays(14).toString()).replace("KT/", own).replace("CN/", "C" + own);
            var batch = (ObjectNode) JSON.readTree(text);
            batch.put("distributor_id", code).put("batch_id", UUID.randomUUID().toString());
            return batch;
        } catch (IOException missing) {
            throw new IllegalStateException(missing);
        }
    }

    private Client.Answer send(JsonNode batch) {
        return clerk.post("/api/v1/feeds/batches", batch.toString());
    }

    private static TreeSet<String> clauses(JsonNode answer, String severity) {
        var found = new TreeSet<String>();
        answer.path("faults").forEach(fault -> add(found, fault, severity));
        answer.path("records").forEach(record -> record.path("faults").forEach(fault -> add(found, fault, severity)));
        return found;
    }

    private static void add(TreeSet<String> found, JsonNode fault, String severity) {
        if (fault.path("severity").asString().equals(severity)) found.add(fault.path("clause").asString());
    }

    @Test
    @Tag("FED-02")
    @Tag("INT-07")
    @Tag("INT-17")
    void everyGoodSampleIsTakenInWithoutAWord() {
        for (var name : List.of("FC-1", "FC-2", "FC-3", "FC-4", "FC-6", "FC-7", "FC-8")) {
            var answer = send(sample(name));
            assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
            assertThat(answer.json().path("state").asString()).as(answer.toString()).isEqualTo("ACCEPTED");
            assertThat(answer.json().path("warnings").asInt()).as(answer.toString()).isZero();
            assertThat(answer.json().path("late").asString()).isEqualTo("ON_TIME");
        }
    }

    @Test
    @Tag("FED-02")
    @Tag("FED-10")
    void everyMutatedFeedFailsWithItsClause() throws IOException {
        var mutations = JSON.readTree(Files.readString(SPEC.resolve("mutations.json")));
        assertThat(mutations.size()).isGreaterThanOrEqualTo(30);
        var wrong = new ArrayList<String>();
        for (var mutation : mutations) {
            var batch = sample(mutation.path("of").asString());
            for (var op : mutation.path("ops")) apply(batch, op);
            var answer = send(batch);
            var expected = mutation.path("expect");
            var clause = expected.path("clause").asString();
            var severity = expected.path("severity").asString();
            var name = mutation.path("id").asString() + " (" + clause + "): " + answer;
            if (expected.path("where").asString().equals("problem")) {
                var codes = new TreeSet<String>();
                answer.json().path("errors").forEach(error -> codes.add(error.path("code").asString()));
                if (answer.status() != 422 || !codes.equals(new TreeSet<>(List.of(clause)))) wrong.add(name);
                continue;
            }
            boolean right = switch (severity) {
                case "ERROR" -> clauses(answer.json(), "ERROR").equals(new TreeSet<>(List.of(clause)));
                case "QUARANTINED" -> clauses(answer.json(), "ERROR").isEmpty() && clauses(answer.json(), "WARNING").contains(clause) && answer.json().path("quarantined").asInt() == 1;
                default -> clauses(answer.json(), "ERROR").isEmpty() && clauses(answer.json(), "WARNING").equals(new TreeSet<>(List.of(clause)));
            };
            boolean blocked = answer.json().path("state").asString().equals("BLOCKED");
            if (answer.status() != 201 || !right || blocked != (expected.path("where").asString().equals("batch") && severity.equals("ERROR"))) wrong.add(name);
        }
        assertThat(wrong).isEmpty();
    }

    private static void apply(ObjectNode batch, JsonNode op) {
        if (op.has("copy")) {
            ((ArrayNode) batch.path("records")).add(batch.at(op.path("copy").asString()).deepCopy());
            return;
        }
        var path = op.path(op.has("set") ? "set" : "remove").asString();
        int slash = path.lastIndexOf('/');
        var parent = (ObjectNode) batch.at(path.substring(0, slash));
        var value = op.path("value");
        if (value.asString("").startsWith("KT/")) parent.put(path.substring(slash + 1), value.asString().replace("KT/", batch.at("/records/0/doc_no").asString().replace("00101", "")));
        else if (op.has("set")) parent.set(path.substring(slash + 1), value);
        else parent.remove(path.substring(slash + 1));
    }

    @Test
    @Tag("FED-02")
    void aRepeatIsAnsweredAlikeAndAnotherContentUnderTheSameIdIsRefused() {
        var batch = sample("FC-1");
        var first = send(batch);
        var again = send(batch);
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.json()).isEqualTo(first.json());
        batch.put("record_count", 5);
        assertThat(send(batch).code()).isEqualTo("ID_REUSED");
    }

    @Test
    @Tag("FED-02")
    void sameRecordsInANewBatchChangeNothingAndACorrectionNeedsAHigherRevision() {
        var batch = sample("FC-1");
        send(batch);
        batch.put("batch_id", UUID.randomUUID().toString());
        var repeated = send(batch).json();
        assertThat(repeated.path("unchanged").asInt()).isEqualTo(4);
        var line = (ObjectNode) batch.at("/records/3");
        line.put("return_reason", "EXPIRED");
        batch.put("batch_id", UUID.randomUUID().toString());
        assertThat(clauses(send(batch).json(), "ERROR")).containsExactly("11.3.revision");
        line.put("revision", 2);
        batch.put("batch_id", UUID.randomUUID().toString());
        var corrected = send(batch).json();
        assertThat(corrected.path("accepted").asInt()).isEqualTo(1);
        List<String> history = transactions.write(d1.id(), db -> db.sql("select revision || ' ' || state from exchange.feed_record where distributor_id = ? and record_key like 'CN/%' and record_key like ? order by revision")
                .params(d1.id(), "%/" + line.path("doc_no").asString() + "/%").query(String.class).list());
        assertThat(history).containsExactly("1 SUPERSEDED", "2 ACCEPTED");
    }

    @Test
    @Tag("FED-02")
    void aCancellationTakesTheLineOutAndKeepsItsHistory() {
        var batch = sample("FC-1");
        send(batch);
        var cancel = batch.deepCopy();
        cancel.put("batch_id", UUID.randomUUID().toString()).put("record_count", 1);
        var records = cancel.putArray("records");
        var line = (ObjectNode) batch.at("/records/3");
        records.addObject().put("op", "CANCEL").put("revision", 2).put("doc_no", line.path("doc_no").asString()).put("doc_type", "CN").put("doc_date", yesterday.toString()).put("line_no", 1);
        for (var total : List.of("qty", "net", "tax", "gross")) ((ObjectNode) cancel.path("control_totals")).put(total, "0");
        var answer = send(cancel);
        assertThat(answer.json().path("accepted").asInt()).as(answer.toString()).isEqualTo(1);
        ((ObjectNode) cancel.at("/records/0")).put("revision", 3);
        cancel.put("batch_id", UUID.randomUUID().toString());
        assertThat(clauses(send(cancel).json(), "ERROR")).containsExactly("11.1.op");
    }

    @Test
    @Tag("FED-10")
    @Tag("INT-17")
    void whatCannotBeMappedWaitsUntilTheMapIsFixed() {
        var batch = sample("FC-1");
        ((ObjectNode) batch.at("/records/2")).put("outlet_ext_id", "LEDGER-99").put("x_outlet_name", "Outlet Three");
        var answer = send(batch).json();
        assertThat(answer.path("state").asString()).isEqualTo("PARTIAL");
        var waiting = clerk.get("/api/v1/feeds/quarantine?distributorId=" + d1.id()).json().path("items");
        assertThat(waiting.size()).isEqualTo(1);
        assertThat(waiting.get(0).path("externalId").asString()).isEqualTo("LEDGER-99");
        assertThat(waiting.get(0).path("value").asString()).isEqualTo("1070.16");
        var run = map("OUTLET", "LEDGER-99", "O3").json();
        assertThat(run.path("accepted").asInt()).isEqualTo(1);
        assertThat(clerk.get("/api/v1/feeds/quarantine?distributorId=" + d1.id()).json().path("items").size()).isZero();
        assertThat(clerk.get("/api/v1/feeds/batches/" + answer.path("id").asString()).json().path("state").asString()).isEqualTo("ACCEPTED");
        var unknown = clerk.post("/api/v1/feeds/code-maps", Map.of("distributorId", d1.id(), "sourceSystem", "TALLY", "kind", "SKU", "externalId", "X", "targetCode", "NOPE"));
        assertThat(unknown.json().at("/errors/0/pointer").asString()).isEqualTo("/targetCode");
    }

    @Test
    @Tag("FED-03")
    void aFrozenMonthTakesARestatementOnlyAndMoreThanOnePercentWaitsForASignOff() {
        var closed = yesterday.withDayOfMonth(1).minusMonths(3).plusDays(9);
        var batch = dated(sample("FC-1"), closed);
        assertThat(clauses(send(batch).json(), "ERROR")).containsExactly("11.3.freeze");
        batch.put("restatement_reason", "the godown's second series was forgotten").put("batch_id", UUID.randomUUID().toString());
        assertThat(send(batch).json().path("state").asString()).isEqualTo("ACCEPTED");
        var line = (ObjectNode) batch.at("/records/3");
        line.put("revision", 2).put("list_price", "24.63").put("taxable", "137.39").put("total", "144.26");
        ((ObjectNode) line.path("tax")).put("cgst", "3.44").put("sgst", "3.43");
        var totals = (ObjectNode) batch.path("control_totals");
        totals.put("net", "2284.59").put("tax", "245.27").put("gross", "2529.86");
        batch.put("batch_id", UUID.randomUUID().toString());
        var held = send(batch).json();
        assertThat(held.path("state").asString()).as(held.toString()).isEqualTo("HELD");
        assertThat(clauses(held, "WARNING")).contains("11.3.restatement");
        var finance = people.headOffice(Role.FIN).signIn(port);
        var signed = finance.post("/api/v1/feeds/batches/" + held.path("id").asString() + "/sign-off", null);
        assertThat(signed.json().path("accepted").asInt()).as(signed.toString()).isEqualTo(1);
        assertThat(finance.post("/api/v1/feeds/batches/" + held.path("id").asString() + "/sign-off", null).code()).isEqualTo("ILLEGAL_STATE");
    }

    private static ObjectNode dated(ObjectNode batch, LocalDate on) {
        ((ObjectNode) batch.path("period")).put("from", on.toString()).put("to", on.toString());
        batch.path("records").forEach(record -> ((ObjectNode) record).put("doc_date", on.toString()));
        return batch;
    }

    @Test
    @Tag("INT-07")
    void filesComeAsCsvOrJsonLinesPlainOrZippedAndBelongToTheirManifest() throws IOException {
        var batch = sample("FC-1");
        var own = batch.at("/records/0/doc_no").asString().replace("00101", "");
        var csv = Files.readString(SPEC.resolve("FC-1.csv")).replace("2026-11-25", yesterday.toString()).replace("KT/", own).replace("CN/", "C" + own).getBytes(StandardCharsets.UTF_8);
        batch.remove("records");
        assertThat(file(batch, csv, FeedFile.sha256(csv)).json().path("state").asString()).isEqualTo("ACCEPTED");
        var lines = new StringBuilder();
        var second = sample("FC-1");
        second.path("records").forEach(record -> lines.append(record).append('\n'));
        var zipped = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(zipped)) {
            out.write(lines.toString().getBytes(StandardCharsets.UTF_8));
        }
        second.remove("records");
        var answer = file(second, zipped.toByteArray(), FeedFile.sha256(zipped.toByteArray()));
        assertThat(answer.json().path("state").asString()).as(answer.toString()).isEqualTo("ACCEPTED");
        second.put("batch_id", UUID.randomUUID().toString());
        assertThat(file(second, csv, "00").json().path("rule").asString()).isEqualTo("FC-FILE.sha256");
        var broken = new byte[] {0x1f, (byte) 0x8b, 8, 0, 1, 2, 3};
        assertThat(file(second, broken, FeedFile.sha256(broken)).json().path("rule").asString()).isEqualTo("FC-FILE.gzip");
        var latin = "doc_no\nM\u00fcller".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(file(second, latin, FeedFile.sha256(latin)).json().path("rule").asString()).isEqualTo("FC-FILE.encoding");
    }

    private Client.Answer file(ObjectNode manifest, byte[] content, String sha) throws IOException {
        manifest.put("sha256", sha);
        var body = new ByteArrayOutputStream();
        body.write(("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"manifest\"\r\n\r\n" + manifest + "\r\n--" + BOUNDARY
                + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"sales.csv\"\r\nContent-Type: application/octet-stream\r\n\r\n").getBytes(StandardCharsets.UTF_8));
        body.write(content);
        body.write(("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return clerk.send("POST", "/api/v1/feeds/files", body.toByteArray(), Map.of("Content-Type", "multipart/form-data; boundary=" + BOUNDARY));
    }

    @Test
    @Tag("FED-03")
    @Tag("FED-09")
    @Tag("VAL-11")
    @Tag("ANA-19")
    void aLateFeedLowersTheScoreAndDataHealthSaysWhatIsMissing() {
        var from = yesterday.minusDays(6);
        coe.send("PUT", "/api/v1/feeds/sources", Map.of("distributorId", d1.id(), "sourceSystem", "TALLY", "name", "Tally", "recordTypes", List.of("FC-1"), "cutOff", "23:59", "level", "BRONZE", "activeFrom", yesterday.toString()), Map.of());
        send(sample("FC-1"));
        var good = clerk.get("/api/v1/data-health").status();
        assertThat(good).as("a billing clerk does not see data health").isEqualTo(403);
        var owner = people.of(d1.id(), Role.DO).signIn(port);
        var before = owner.get("/api/v1/data-health/" + d1.id()).json();
        assertThat(before.path("source").asString()).isEqualTo("FEED");
        var best = before.path("score").asString();
        coe.send("PUT", "/api/v1/feeds/sources", Map.of("distributorId", d1.id(), "sourceSystem", "TALLY", "name", "Tally", "recordTypes", List.of("FC-1"), "cutOff", "23:59", "level", "BRONZE", "activeFrom", from.toString()), Map.of());
        for (var day = from; day.isBefore(yesterday.minusDays(2)); day = day.plusDays(1)) send(dated(sample("FC-1"), day));
        var after = owner.get("/api/v1/data-health/" + d1.id()).json();
        assertThat(Double.parseDouble(after.path("score").asString())).as(after.toString()).isLessThan(Double.parseDouble(best));
        assertThat(after.at("/parts/1/part").asString()).isEqualTo("TIMELINESS");
        assertThat(after.at("/parts/1/passed").asInt()).isLessThan(after.at("/parts/1/tested").asInt());
        assertThat(after.path("days").size()).isPositive();
        assertThat(after.path("checks").size()).isPositive();
    }

    @Test
    @Tag("FED-02")
    void openingAndMovementMustGiveTheClosingStock() {
        var before = sample("FC-2");
        var day = yesterday.minusDays(1).toString();
        ((ObjectNode) before.path("period")).put("from", day).put("to", day);
        before.path("records").forEach(record -> ((ObjectNode) record).put("as_of", day));
        send(before);
        send(sample("FC-4"));
        send(sample("FC-1"));
        var answer = send(sample("FC-2")).json();
        // soap: 900 + 718 - 12 + 6 = 1612 expected, 900 sent
        assertThat(clauses(answer, "WARNING")).as(answer.toString()).containsExactly("11.4.roll");
        assertThat(clauses(answer, "ERROR")).isEmpty();
    }
}
