package io.offtake.masters;

import static io.offtake.masters.MasterWorld.created;
import static io.offtake.masters.MasterWorld.ok;
import static io.offtake.masters.MasterWorld.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.access.Role;
import io.offtake.access.testing.Client;
import io.offtake.access.testing.People;
import io.offtake.platform.testing.ServerTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.reader.ReadableWorkbook;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

/// Files of masters: tried, confirmed, brought in by a job, corrected and continued (INT-07).
@ServerTest
@Tag("INT-07")
class ImportsTest {
    private static MasterWorld world;

    @LocalServerPort
    int port;
    @Autowired
    People people;

    @BeforeEach
    void network() {
        if (world == null) world = new MasterWorld(port, people);
    }

    private static Client.Answer upload(Client client, String name, byte[] content, Map<String, String> fields) {
        var boundary = "offtake-test-boundary";
        var body = new ByteArrayOutputStream();
        fields.forEach((field, value) -> body.writeBytes(("--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + field + "\"\r\n\r\n" + value + "\r\n").getBytes(StandardCharsets.UTF_8)));
        body.writeBytes(("--" + boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name + "\"\r\nContent-Type: application/octet-stream\r\n\r\n").getBytes(StandardCharsets.UTF_8));
        body.writeBytes(content);
        body.writeBytes(("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return client.send("POST", "/api/v1/imports", body.toByteArray(), Map.of("Content-Type", "multipart/form-data; boundary=" + boundary));
    }

    private static Client.Answer upload(Client client, String name, String content, Map<String, String> fields) {
        return upload(client, name, content.getBytes(StandardCharsets.UTF_8), fields);
    }

    private static JsonNode run(Client client, JsonNode tried) {
        var path = "/api/v1/imports/" + tried.path("id").asString();
        var answer = client.post(path + "/confirmation", null);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(202);
        Awaitility.await().atMost(Duration.ofSeconds(120)).pollInterval(Duration.ofMillis(100)).until(() -> !client.get(path).json().path("state").asString().equals("RUNNING"));
        return client.get(path).json();
    }

    private static long cpu() {
        return ((com.sun.management.OperatingSystemMXBean) java.lang.management.ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private static String csv(String prefix, int rows, HashSet<Integer> bad) {
        var text = new StringBuilder("\uFEFFShop code,Shop name,Trade channel,Class,State,GST no,Pin code,Mobile,My note\r\n");
        for (int row = 0; row < rows; row++) {
            text.append(prefix).append(row).append(",\"Shop, no ").append(row).append("\",GT,").append("ABC".charAt(row % 3)).append(",29,");
            text.append(bad.contains(row) ? "29ABCDE1234F1ZX" : row % 2 == 0 ? "29ABCDE1234F1ZW" : "").append(",560034,98450").append(10000 + row % 90000).append(",x\r\n");
        }
        return text.toString();
    }

    @Test
    void ofTenThousandRowsTheGoodOnesGoInAndTheErrorFileBringsTheRest() throws IOException {
        var bad = new HashSet<Integer>();
        for (int at = 0; at < 137; at++) bad.add(at * 72);
        var file = csv("X", 10_000, bad);
        long start = System.nanoTime();
        long cpu = cpu();
        var tried = created(upload(world.clerk(), "shops.csv", file, Map.of()));
        long dry = System.nanoTime();
        assertThat(tried.path("type").asString()).isEqualTo("outlets");
        assertThat(tried.path("newRows").asInt()).isEqualTo(9_863);
        assertThat(tried.path("badRows").asInt()).isEqualTo(137);
        assertThat(tried.path("preview").path("diffs")).hasSize(20);
        assertThat(tried.path("preview").path("unmapped").path(0).asString()).isEqualTo("My note");
        assertThat(tried.path("preview").path("faults").path(0).path("right").asString()).contains("ends with W");
        assertThat(ok(world.clerk().get("/api/v1/outlets?q=Shop%2C%20no&limit=1")).path("items")).as("a dry run writes nothing").isEmpty();

        var done = run(world.clerk(), tried);
        long end = System.nanoTime();
        System.out.printf("import of 10,000 rows: dry run %d ms, job %d ms, CPU of this JVM %d ms%n", (dry - start) / 1_000_000, (end - dry) / 1_000_000, (cpu() - cpu) / 1_000_000);
        assertThat(done.path("state").asString()).as(done.toString()).isEqualTo("DONE");
        assertThat(done.path("writtenRows").asInt()).isEqualTo(9_863);
        var job = ok(world.clerk().get("/api/v1/jobs/" + done.path("jobId").asString()));
        assertThat(job.path("state").asString()).isEqualTo("DONE");
        assertThat(job.path("done").asInt()).isEqualTo(10_000);
        assertThat(Duration.ofNanos(end - start)).isLessThan(Duration.ofSeconds(60));

        var errors = world.clerk().get("/api/v1/imports/" + done.path("id").asString() + "/error-file");
        assertThat(errors.status()).isEqualTo(200);
        var lines = errors.text().strip().split("\r\n");
        assertThat(lines).hasSize(138);
        assertThat(lines[0]).endsWith("My note,What is wrong,How to right it");
        assertThat(lines[1]).contains("check character").contains("ends with W");

        var corrected = errors.text().replace("29ABCDE1234F1ZX,560034", "29ABCDE1234F1ZW,560034");
        var again = created(upload(world.clerk(), "shops-errors.csv", corrected, Map.of()));
        assertThat(again.path("continuesId").asString()).isEqualTo(done.path("id").asString());
        assertThat(again.path("newRows").asInt()).isEqualTo(137);
        assertThat(run(world.clerk(), again).path("badRows").asInt()).isZero();
        assertThat(ok(world.clerk().get("/api/v1/imports/" + done.path("id").asString())).path("badRows").asInt()).isZero();
        assertThat(ok(world.clerk().get("/api/v1/imports/" + done.path("id").asString())).path("writtenRows").asInt()).isEqualTo(10_000);

        var twice = created(upload(world.clerk(), "shops.csv", csv("X", 10_000, new HashSet<>()), Map.of()));
        assertThat(twice.path("sameRows").asInt()).as("the same rows again change nothing").isEqualTo(10_000);
        assertThat(run(world.clerk(), twice).path("writtenRows").asInt()).isZero();
    }

    @Test
    void semicolonsDecimalCommasIndianDatesAndMissingColumnsAreUnderstood() {
        created(world.coe.post("/api/v1/skus", world.sku("T1")));
        var file = "SKU;Principal;MRP;PTS;Launch date;Units\r\nT1;" + world.principal + ";42,50;1.032,98;31-12-2026;CASE=24\r\nT1;" + world.principal + ";42,50;32,98;31-12-2026;CASE=24\r\n";
        var tried = created(upload(world.coe, "prices.csv", file, Map.of("type", "skus")));
        assertThat(tried.path("badRows").asInt()).as("one number unreadable, and the SKU twice").isGreaterThanOrEqualTo(1);
        var good = created(upload(world.coe, "prices.csv", "SKU;Principal;MRP;PTS;Launch date\r\nT1;" + world.principal + ";42,50;33;31-12-2026\r\n", Map.of("type", "skus")));
        assertThat(good.path("changedRows").asInt()).as(good.toString()).isEqualTo(1);
        run(world.coe, good);
        var sku = ok(world.coe.get("/api/v1/skus?brand=" + world.brand + "&q=T1")).path("items").path(0);
        assertThat(sku.path("mrp").asString()).isEqualTo("42.50");
        assertThat(sku.path("launchedOn").asString()).isEqualTo("2026-12-31");
        assertThat(sku.path("name").asString()).as("columns the file does not have stay").isEqualTo("Soap bar 100 g");
        assertThat(sku.path("units")).hasSize(2);
        var history = ok(world.coe.get("/api/v1/skus/" + sku.path("id").asLong() + "/history")).path("items").path(0);
        assertThat(history.path("details").path("via").asString()).startsWith("import ");
    }

    @Test
    void anXlsxIsReadAndItsErrorFileIsAnXlsx() throws IOException {
        var out = new ByteArrayOutputStream();
        var book = new Workbook(out, "test", "1.0");
        var sheet = book.newWorksheet("Brands");
        for (var row : List.of(List.of("Brand", "Brand name"), List.of("XB" + world.tag, "Good"), List.of("", "No code"))) {
            int at = row.getFirst().equals("Brand") ? 0 : row.getFirst().isEmpty() ? 2 : 1;
            for (int column = 0; column < 2; column++) sheet.value(at, column, row.get(column));
        }
        book.finish();
        var tried = created(upload(world.coe, "brands.xlsx", out.toByteArray(), Map.of("type", "brands")));
        assertThat(tried.path("newRows").asInt()).isEqualTo(1);
        assertThat(tried.path("badRows").asInt()).isEqualTo(1);
        var done = run(world.coe, tried);
        var errors = world.coe.get("/api/v1/imports/" + done.path("id").asString() + "/error-file");
        try (var workbook = new ReadableWorkbook(new java.io.ByteArrayInputStream(errors.raw().body()))) {
            var rows = workbook.getFirstSheet().read();
            assertThat(rows).hasSize(2);
            assertThat(rows.get(0).getCellText(2)).isEqualTo("What is wrong");
            assertThat(rows.get(1).getCellText(2)).contains("code is missing");
        }
    }

    @Test
    void headingsAreRememberedAndMayBeChosen() {
        var heading = "Zq" + world.tag;
        var file = heading + ",Name\nHB" + world.tag + ",Hand\n";
        var tried = created(upload(world.coe, "b.csv", file, Map.of("type", "brands")));
        assertThat(tried.path("preview").path("missing").path(0).asString()).isEqualTo("Code");
        var chosen = ok(world.coe.send("PUT", "/api/v1/imports/" + tried.path("id").asString() + "/mapping", Map.of("mapping", Map.of(heading, "code")), Map.of()));
        assertThat(chosen.path("newRows").asInt()).isEqualTo(1);
        assertThat(created(upload(world.coe, "b.csv", file, Map.of("type", "brands"))).path("newRows").asInt()).as("remembered").isEqualTo(1);
        ok(world.coe.post("/api/v1/imports/" + tried.path("id").asString() + "/cancellation", null));
        refused(world.coe.post("/api/v1/imports/" + tried.path("id").asString() + "/cancellation", null), 409, "ILLEGAL_STATE");
    }

    @Test
    void whatIsNoTableIsRefusedInASentence() {
        refused(upload(world.coe, "a.csv", "", Map.of("type", "brands")), 422, "FILE_UNREADABLE");
        refused(upload(world.coe, "a.csv", "code,name\n", Map.of("type", "brands")), 422, "FILE_UNREADABLE");
        refused(upload(world.coe, "a.xlsx", "PK\u0003\u0004 not a workbook", Map.of("type", "brands")), 422, "FILE_UNREADABLE");
        refused(upload(world.coe, "a.csv", new byte[] {'c', ',', (byte) 0xFF, '\n', 'a'}, Map.of("type", "brands")), 422, "FILE_UNREADABLE");
        refused(upload(world.coe, "a.csv", "foo,bar\n1,2\n", Map.of()), 422, "FILE_UNREADABLE");
        refused(upload(world.coe, "a.csv", "a,b\n1,2\n", Map.of("type", "moons")), 422, "INVALID");
    }

    @Test
    @Tag("GOV-05")
    void nobodyImportsOrReadsWhatIsNotTheirs() {
        refused(upload(world.clerk(), "b.csv", "Code,Name\nB,B\n", Map.of("type", "brands")), 403, "FORBIDDEN");
        refused(upload(people.headOffice(Role.AUD).signIn(port), "b.csv", "Code,Name\nB,B\n", Map.of("type", "brands")), 403, "FORBIDDEN");
        var other = new MasterWorld(port, people);
        var tried = created(upload(world.clerk(), "o.csv", "Code,Name,Channel,Class,State\nIM1,Shop,GT,A,29\n", Map.of("type", "outlets")));
        refused(other.clerk().get("/api/v1/imports/" + tried.path("id").asString()), 404, "NOT_FOUND");
        refused(other.clerk().post("/api/v1/imports/" + tried.path("id").asString() + "/confirmation", null), 404, "NOT_FOUND");
        var foreign = upload(other.clerk(), "o.csv", "Code,Name,Channel,Class,State\nIM1,Shop,GT,A,29\n", Map.of("type", "outlets", "distributorId", Long.toString(world.distributorId)));
        refused(foreign, 404, "NOT_FOUND");
        var done = run(world.clerk(), tried);
        refused(other.clerk().get("/api/v1/jobs/" + done.path("jobId").asString()), 404, "NOT_FOUND");
        assertThat(ok(other.clerk().get("/api/v1/imports")).path("items")).isEmpty();
        assertThat(ok(other.clerk().get("/api/v1/jobs")).path("items")).isEmpty();
    }

    @Test
    void anExportIsAnImportThatChangesNothingAndNoFormula() {
        var other = new MasterWorld(port, people);
        var names = List.of("=HYPERLINK(\"http://x\")", "+91 shop", "@home", "-minus", "शिव, \"किराना\"");
        for (int at = 0; at < names.size(); at++) {
            var outlet = other.outlet("E" + at);
            outlet.put("name", names.get(at));
            created(other.clerk().post("/api/v1/outlets", outlet));
        }
        var csv = other.clerk().get("/api/v1/exports/outlets?format=csv&sort=code");
        assertThat(csv.status()).as(csv.toString()).isEqualTo(200);
        assertThat(csv.raw().body()[0]).isEqualTo((byte) 0xEF);
        var lines = new ArrayList<>(List.of(csv.text().substring(1).strip().split("\r\n")));
        assertThat(lines).hasSize(6);
        assertThat(lines.get(1)).contains("'=HYPERLINK").startsWith(other.distributor + ",E0");
        assertThat(lines.get(2)).contains("'+91 shop");
        var same = created(upload(other.clerk(), "export.csv", csv.raw().body(), Map.of("type", "outlets")));
        assertThat(same.path("sameRows").asInt()).as(same.toString()).isEqualTo(5);
        var xlsx = other.clerk().get("/api/v1/exports/outlets?format=xlsx");
        assertThat(created(upload(other.clerk(), "export.xlsx", xlsx.raw().body(), Map.of("type", "outlets"))).path("sameRows").asInt()).isEqualTo(5);
        assertThat(other.clerk().get("/api/v1/imports/samples/outlets?format=csv").text()).contains("Code");
        refused(other.clerk().get("/api/v1/exports/outlets?format=pdf"), 400, "MALFORMED");
        assertThat(world.clerk().get("/api/v1/exports/outlets?format=csv&q=HYPERLINK").text().strip().split("\r\n")).as("another distributor's rows stay out").hasSize(1);
    }
}
