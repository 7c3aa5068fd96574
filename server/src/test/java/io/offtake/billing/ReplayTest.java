package io.offtake.billing;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.access.Role;
import io.offtake.access.testing.Client;
import io.offtake.access.testing.People;
import io.offtake.governance.testing.Changes;
import io.offtake.platform.Actor;
import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import io.offtake.platform.testing.ServerTest;
import io.offtake.rules.DecideCommand.PaymentMode;
import io.offtake.rules.DecideCommand.SaleType;
import io.offtake.testing.Fixture;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

/// Old documents after the configuration went on (INV-06): each is decided again from its stored inputs and the very book that
/// decided it. `./offtake bench replay` runs the full size.
@ServerTest
class ReplayTest {
    private static final int DOCUMENTS = Integer.getInteger("replay.documents", 60), CHANGES = Integer.getInteger("replay.changes", 6);
    private static final Actor CLERK = new Actor(1, "clerk");
    /// Between what the principal charges and the national price.
    private static final Map<String, String> PRICES = Map.of("S1", "34.00", "S2", "8.50", "S3", "82.00", "S4", "25.50", "S5", "39.50", "S6", "45.00");
    @Autowired Billing billing;
    @Autowired TenantTransaction transactions;
    @Autowired People people;
    @Autowired Clock clock;
    @LocalServerPort int port;
    private Fixture network;
    private Fixture.Distributor seller;
    private Client sales;
    private Client finance;
    private final List<String> schemes = new ArrayList<>();

    @Test
    @DisplayName("INV-06: documents of every configuration are decided again as they were, after all its changes")
    @Tag("GOV-03") @Tag("CMP-05") @Tag("SCH-16")
    void everyDocumentIsDecidedAgainAsItWas() throws IOException {
        network = new Fixture(transactions, LocalDate.now(clock.withZone(ZoneId.of("Asia/Kolkata"))));
        seller = network.distributor("D1");
        sales = people.headOffice(Role.SO).signIn(port);
        finance = people.headOffice(Role.FIN).signIn(port);
        for (var sku : network.skus.keySet()) network.batch(seller, sku, "A1", "115.00", network.today().plusDays(300), 1_000_000);
        var random = new Random(20261126);
        var documents = new ArrayList<UUID>();
        for (int change = 0; change <= CHANGES; change++) {
            if (change > 0) change(change);
            int until = DOCUMENTS * (change + 1) / (CHANGES + 1);
            var bills = new ArrayList<PostInvoice>();
            while (documents.size() + bills.size() < until) bills.add(bill(random));
            for (int from = 0; from < bills.size(); from += 50)
                for (var outcome : billing.postAll(bills.subList(from, Math.min(bills.size(), from + 50)), CLERK, Terms.NATIVE)) {
                    assertThat(outcome).as(outcome.toString()).isInstanceOf(PostInvoiceOutcome.Posted.class);
                    documents.add(((PostInvoiceOutcome.Posted) outcome).invoice().id());
                }
        }
        var scope = RowScope.of(seller.id());
        var books = new HashSet<String>();
        var differing = new ArrayList<UUID>();
        int withScheme = 0;
        for (var id : documents) {
            var found = billing.explain(scope, id).orElseThrow();
            books.add(found.ruleBookHash());
            if (!found.same()) differing.add(id);
            if (found.answer().contains("\"benefits\":[{") || found.answer().contains("\"schemes\":[{")) withScheme++;
        }
        assertThat(differing).isEmpty();
        assertThat(documents).hasSize(DOCUMENTS);
        assertThat(books).as("each change made another book").hasSizeGreaterThan(CHANGES);
        assertThat(withScheme).isPositive();
        Files.createDirectories(Path.of("target"));
        Files.writeString(Path.of("target/replay.txt"), documents.size() + " documents of " + books.size() + " rule books, " + CHANGES + " changes of prices and schemes by change request between them: "
                + differing.size() + " differ when decided again; " + withScheme + " of them have schemes\n");
    }

    private PostInvoice bill(Random random) {
        var skus = new ArrayList<>(network.skus.values());
        java.util.Collections.shuffle(skus, random);
        var lines = new ArrayList<PostInvoice.Line>();
        for (int at = 0, count = 1 + random.nextInt(4); at < count; at++) lines.add(new PostInvoice.Line(at + 1, skus.get(at), BigDecimal.valueOf(1 + random.nextInt(60)), null, null, null, null, null));
        var outlet = List.of(seller.o1(), seller.o2(), seller.o3()).get(random.nextInt(3));
        return new PostInvoice(UUID.randomUUID(), seller.id(), network.principal, outlet, seller.warehouse(), network.today(), random.nextBoolean() ? SaleType.DELIVERY : SaleType.COUNTER, PaymentMode.CASH, null, null, lines, null);
    }

    /// By turns a scheme, a price list of this distributor (one for each SKU), and the stop of an earlier scheme.
    private void change(int number) {
        var skus = List.copyOf(network.skus.keySet());
        var sku = skus.get(number % skus.size());
        if (number % 4 == 2 && number / 4 < skus.size()) {
            sku = skus.get(number / 4);
            var list = sales.post("/api/v1/price-lists", Map.of("code", "L" + number + "-" + network.tag, "name", "Own price", "principal", "P-" + network.tag, "level", 5, "distributor", "D1-" + network.tag, "validFrom",
                    network.today().toString()));
            assertThat(list.status()).as(list.toString()).isEqualTo(201);
            var line = sales.post("/api/v1/price-list-lines", Map.of("list", "L" + number + "-" + network.tag, "sku", sku, "price", PRICES.get(sku)));
            assertThat(line.status()).as(line.toString()).isEqualTo(201);
            Changes.approved(sales, finance, sales.send("POST", "/api/v1/price-lists/" + list.json().path("id").asString() + "/publication", Map.of("reason", "agreed"), Map.of("If-Match", list.etag())));
        } else if (number % 4 == 0 && !schemes.isEmpty()) {
            var paused = sales.post("/api/v1/schemes/" + schemes.removeFirst() + "/pause", Map.of("reason", "it ran out of hand"));
            assertThat(paused.status()).as(paused.toString()).isEqualTo(200);
        } else {
            var mechanic = number % 2 == 0 ? Map.of("type", "FREE_GOODS", "buy", "10", "get", "1", "tax", "ZERO_PRICED") : Map.of("type", "DISCOUNT", "reward", Map.of("percent", "0.0" + (1 + number % 9)));
            var scheme = new HashMap<String, Object>(Map.of("code", "S" + number + "-" + network.tag, "name", "Offer " + number, "principal", "P-" + network.tag, "mechanic", mechanic, "products", Map.of("skuIds", List.of(sku)),
                    "exclusionGroup", "G" + number % skus.size(), "validFrom", network.today().toString(), "validTo", network.today().plusDays(60).toString()));
            schemes.add(Changes.inForce(sales, finance, sales.post("/api/v1/schemes", scheme)).json().path("id").asString());
        }
    }
}
