package io.offtake.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.access.Role;
import io.offtake.access.testing.Client;
import io.offtake.access.testing.People;
import io.offtake.platform.Evidence;
import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import io.offtake.platform.testing.ServerTest;
import io.offtake.testing.Fixture;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

/// Pictures arrive in a lane of their own, in pieces, and are what their hash says (OFF-05, OFF-13).
@ServerTest
@Tag("OFF-05")
class EvidenceTest {
    @Autowired TenantTransaction transactions;
    @Autowired People people;
    @Autowired Clock clock;
    @Autowired Evidence evidence;
    @LocalServerPort int port;
    private Fixture.Distributor d1;
    private Fixture.Distributor d2;
    private Client clerk;

    @BeforeEach
    void network() {
        var network = new Fixture(transactions, LocalDate.now(clock.withZone(ZoneId.of("Asia/Kolkata"))));
        d1 = network.distributor("D1");
        d2 = network.distributor("D2");
        clerk = people.of(d1.id(), Role.BC).signIn(port);
    }

    private static byte[] jpeg(int size) {
        var bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        bytes[0] = (byte) 0xFF;
        bytes[1] = (byte) 0xD8;
        bytes[2] = (byte) 0xFF;
        return bytes;
    }

    private static String hash(byte[] content) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    }

    private Client.Answer send(String query, byte[] body) {
        return clerk.send("POST", "/api/v1/evidence?distributorId=" + d1.id() + query, body, Map.of("Content-Type", "image/jpeg"));
    }

    @Test
    @Tag("OFF-09")
    void off05APictureGoesOnWhereItWasCut() throws Exception {
        var picture = jpeg(150_000);
        var hash = hash(picture);
        var of = "&hash=" + hash + "&size=" + picture.length + "&offset=";
        assertThat(clerk.get("/api/v1/evidence/" + hash + "/state?distributorId=" + d1.id()).status()).isEqualTo(404);
        assertThat(send(of + 0, Arrays.copyOf(picture, 60_000)).json().path("received").asInt()).isEqualTo(60_000);
        assertThat(evidence.missing(RowScope.of(d1.id()), List.of(hash))).containsExactly(hash);
        assertThat(clerk.get("/api/v1/evidence/" + hash + "?distributorId=" + d1.id()).status()).isEqualTo(404);
        var wrong = send(of + 90_000, Arrays.copyOfRange(picture, 90_000, 150_000));
        assertThat(wrong.code()).isEqualTo("EVIDENCE_OFFSET");
        assertThat(wrong.json().path("received").asInt()).isEqualTo(60_000);
        assertThat(send(of + 0, Arrays.copyOf(picture, 60_000)).json().path("received").asInt()).isEqualTo(60_000);
        var whole = send(of + 60_000, Arrays.copyOfRange(picture, 60_000, 150_000));
        assertThat(whole.status()).as(whole.text()).isEqualTo(201);
        assertThat(whole.json().path("complete").asBoolean()).isTrue();
        assertThat(clerk.get("/api/v1/evidence/" + hash + "?distributorId=" + d1.id()).raw().body()).isEqualTo(picture);
        assertThat(send("", picture).json().path("hash").asString()).isEqualTo(hash);
        assertThat(evidence.missing(RowScope.of(d1.id()), List.of(hash))).isEmpty();
        assertThat(evidence.find(RowScope.of(d2.id()), hash)).isEmpty();
    }

    @Test
    void off13WhatIsNotWhatItsHashSaysIsDropped() throws Exception {
        var picture = jpeg(2_000);
        var other = jpeg(2_001);
        var of = "&hash=" + hash(picture) + "&size=2000&offset=0";
        assertThat(send(of, Arrays.copyOf(other, 2_000)).code()).isEqualTo("EVIDENCE_DIFFERS");
        assertThat(clerk.get("/api/v1/evidence/" + hash(picture) + "/state?distributorId=" + d1.id()).status()).isEqualTo(404);
        assertThat(send(of, picture).status()).isEqualTo(201);
    }

    @Test
    void nothingThatABrowserWouldRunIsKept() {
        var page = send("", "<html><script>alert(1)</script></html>".getBytes());
        assertThat(page.code()).isEqualTo("MEDIA_TYPE");
        assertThat(page.json().path("accepted").toString()).contains("image/webp");
        assertThat(send("&hash=" + "0".repeat(64) + "&size=99999999&offset=0", jpeg(100)).code()).isEqualTo("TOO_LARGE");
    }
}
