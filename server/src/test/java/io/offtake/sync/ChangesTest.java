package io.offtake.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.access.Role;
import io.offtake.access.testing.Client;
import io.offtake.access.testing.People;
import io.offtake.platform.TenantTransaction;
import io.offtake.platform.testing.ServerTest;
import io.offtake.testing.Fixture;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Everything once, then what changed; cut anywhere, it goes on where it was (OFF-05, OFF-09, OFF-18).
@ServerTest
class ChangesTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    @Autowired TenantTransaction transactions;
    @Autowired People people;
    @Autowired Clock clock;
    @LocalServerPort int port;
    private Fixture network;
    private Fixture.Distributor d1;
    private Client clerk;

    @BeforeEach
    void network() {
        network = new Fixture(transactions, LocalDate.now(clock.withZone(ZoneId.of("Asia/Kolkata"))));
        d1 = network.distributor("D1");
        clerk = people.of(d1.id(), Role.BC, Role.DO).signIn(port);
        network.batch(d1, "S1", "A1", "40.00", network.today().plusDays(300), 1_000);
        network.batch(d1, "S2", "B1", "10.00", network.today().plusDays(300), 10);
    }

    private Client.Answer pull(String group, String since, Map<String, String> headers) {
        return clerk.send("GET", "/api/v1/sync/changes/" + group + "?distributorId=" + d1.id() + (since == null ? "" : "&since=" + since), null, headers);
    }

    private static List<JsonNode> lines(byte[] zipped) throws IOException {
        return new String(new GZIPInputStream(new ByteArrayInputStream(zipped)).readAllBytes(), StandardCharsets.UTF_8).lines().<JsonNode>map(JSON::readTree).toList();
    }

    private static List<JsonNode> of(List<JsonNode> lines, String type) {
        return lines.stream().filter(line -> line.path("t").asString().equals(type)).toList();
    }

    private void bill(String sku, int qty) {
        var body = new LinkedHashMap<String, Object>(Map.of("id", UUID.randomUUID(), "distributorId", d1.id(), "principalId", network.principal, "outletId", d1.o1(), "warehouseId", d1.warehouse(),
                "businessDate", network.today(), "saleType", "COUNTER", "paymentMode", "CREDIT", "lines", List.of(Map.of("line", 1, "skuId", network.skus.get(sku), "qty", Integer.toString(qty)))));
        assertThat(clerk.post("/api/v1/invoices", body).status()).isEqualTo(201);
    }

    @Test
    @Tag("OFF-09") @Tag("STK-29") @Tag("OUT-14") @Tag("OFF-02")
    void off05AfterTheFirstPullOnlyWhatChangedIsSent() throws IOException {
        var first = pull("soon", null, Map.of());
        assertThat(first.status()).as(first.text()).isEqualTo(200);
        assertThat(first.header("X-Sync-Full")).isEqualTo("true");
        var cursor = first.header("X-Sync-Cursor");
        assertThat(of(lines(first.raw().body()), "batch")).hasSize(2);
        assertThat(pull("soon", cursor, Map.of()).status()).isEqualTo(204);
        bill("S1", 10);
        bill("S2", 10);
        var second = pull("soon", cursor, Map.of());
        var delta = lines(second.raw().body());
        assertThat(delta.getFirst().path("full").asBoolean()).isFalse();
        assertThat(delta.getLast().path("rows").asInt()).isEqualTo(delta.size() - 2);
        assertThat(of(delta, "batch")).hasSize(2).anySatisfy(row -> assertThat(row.path("r").path("saleable").asString()).isEqualTo("990"))
                .anySatisfy(row -> assertThat(row.path("d").asInt()).as("what is sold out is gone").isOne());
        assertThat(of(delta, "bill")).hasSize(2);
        // a cursor nobody gave, and one that is too far ahead
        for (var odd : List.of("x", "999999999")) assertThat(pull("soon", odd, Map.of()).header("X-Sync-Full")).isEqualTo("true");
        // an outlet that changes at the office
        var must = pull("must", null, Map.of());
        var known = must.header("X-Sync-Cursor");
        var outlet = clerk.get("/api/v1/outlets/" + d1.o2());
        var form = (tools.jackson.databind.node.ObjectNode) outlet.json();
        form.retain("id", "distributorId", "platformOutletId", "code", "name", "nameLocal", "channel", "outletClass", "outletGroup", "parent", "ownership", "beat", "gstin", "registration", "stateCode", "address",
                "city", "pin", "phone", "latitude", "longitude", "status");
        form.put("phone", "9812345678");
        var changed = clerk.put("/api/v1/outlets/" + d1.o2(), form, outlet.etag());
        assertThat(changed.status()).as(changed.text()).isEqualTo(200);
        var masters = lines(pull("must", known, Map.of()).raw().body());
        assertThat(of(masters, "outlet")).singleElement().satisfies(row -> assertThat(row.path("r").path("phone").asString()).isEqualTo("9812345678"));
        assertThat(of(masters, "sku")).isEmpty();
    }

    @Test
    @Tag("OFF-09")
    void off05APullThatWasCutGoesOnAtAnyByte() throws IOException {
        var whole = pull("must", null, Map.of());
        var bytes = whole.raw().body();
        for (int at : List.of(1, bytes.length / 3, bytes.length - 1)) {
            var rest = pull("must", null, Map.of("Range", "bytes=" + at + "-", "If-Range", whole.etag()));
            if (bytes.length <= 8 * 1024) {
                // too small to be kept: it comes again
                assertThat(rest.status()).isEqualTo(200);
                continue;
            }
            assertThat(rest.status()).as("from byte " + at).isEqualTo(206);
            assertThat(rest.header("Content-Range")).isEqualTo("bytes " + at + "-" + (bytes.length - 1) + "/" + bytes.length);
            var joined = new ByteArrayOutputStream();
            joined.writeBytes(Arrays.copyOf(bytes, at));
            joined.writeBytes(rest.raw().body());
            assertThat(joined.toByteArray()).isEqualTo(bytes);
        }
        var other = pull("must", null, Map.of("Range", "bytes=10-", "If-Range", "\"" + "0".repeat(32) + "\""));
        assertThat(other.status()).isEqualTo(200);
    }

    @Test
    @Tag("OFF-06") @Tag("OFF-02")
    void off18ThePolicyTableAndASignedRuleBookComeWithTheFirstGroup() throws Exception {
        var device = UUID.randomUUID();
        var registered = clerk.post("/api/v1/sync/devices", Map.of("id", device, "distributorId", d1.id(), "name", "Till", "kind", "COUNTER", "appVersion", "1", "schemaVersion", 2)).json();
        var lines = lines(pull("must", null, Map.of("X-Device-Id", device.toString(), "X-Device-Secret", registered.path("secret").asString())).raw().body());
        var policy = of(lines, "context").getFirst().path("r").path("policy");
        assertThat(policy.path("mastersStopHours").asInt()).isEqualTo(72);
        assertThat(policy.path("seriesWarn").asInt()).isEqualTo(50);
        assertThat(policy.path("pinTries").asInt()).isEqualTo(5);
        assertThat(policy.path("backdateDays").asInt()).isEqualTo(3);
        assertThat(of(lines, "context").getFirst().path("r").path("offlineIssue").path("b2b").asString()).isEqualTo("YES");
        var signature = lines.getFirst().path("signature");
        assertThat(signature.path("key").asString()).isEqualTo(registered.path("signingKey").path("fingerprint").asString());
        var key = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(registered.path("signingKey").path("publicKey").asString())));
        var check = Signature.getInstance("Ed25519");
        check.initVerify(key);
        check.update(("offtake-rule-book\n" + d1.id() + "\n" + of(lines, "rulebook").getFirst().path("r").path("hash").asString() + "\n" + signature.path("issuedAt").asString()).getBytes(StandardCharsets.UTF_8));
        assertThat(check.verify(Base64.getDecoder().decode(signature.path("value").asString()))).isTrue();
        assertThat(pull("must", null, Map.of("X-Device-Id", device.toString())).code()).isEqualTo("DEVICE_SECRET");
    }
}
