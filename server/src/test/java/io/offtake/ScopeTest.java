package io.offtake;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.access.testing.Client;
import io.offtake.access.testing.OperationSamples;
import io.offtake.access.testing.People;
import io.offtake.access.testing.Samples;
import io.offtake.access.testing.Samples.Kind;
import io.offtake.access.testing.World;
import io.offtake.platform.TenantTransaction;
import io.offtake.platform.testing.ServerTest;
import io.offtake.testing.Fixture;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

/// GV-01, INV-10: every operation of the API, asked for a row of one distributor by that distributor's user and by another
/// distributor's. What is not yours does not exist. An operation without a sample fails.
@ServerTest
@Tag("GOV-05")
@Tag("GOV-15")
@Tag("INT-06")
class ScopeTest {
    @LocalServerPort
    int port;
    @Autowired
    People people;
    @Autowired
    TenantTransaction transactions;
    @Autowired
    Clock clock;
    @Autowired
    List<OperationSamples> modules;

    @Test
    void everyOperationAnswersItsOwnerAndHidesFromEverybodyElse() {
        var samples = new Samples();
        modules.forEach(module -> module.add(samples));
        var operations = new TreeSet<String>();
        new Client(port).get("/openapi.json").json().path("paths").properties().forEach(path -> path.getValue().propertyNames()
                .forEach(method -> operations.add(method.toUpperCase(java.util.Locale.ROOT) + " " + path.getKey())));
        var faults = new ArrayList<String>();
        for (var operation : operations) if (!samples.all().containsKey(operation)) faults.add(operation + " has no sample");

        var world = new World(new Fixture(transactions, LocalDate.now(clock.withZone(ZoneId.of("Asia/Kolkata")))), people, port);
        samples.all().forEach((operation, sample) -> {
            if (operations.contains(operation)) check(operation, sample, world, faults);
        });
        assertThat(faults).isEmpty();
    }

    private static final List<String> WALLED = List.of("/orders", "/invoices", "/credit-notes", "/debit-notes", "/financial-credit-notes", "/returns/{id}", "/returns/creditable", "/claims/{id}", "/claims/settlements/{id}", "/tax/e-invoices", "/tax/e-way-bills", "/tax/documents",
            "/collections", "/goods-receipts", "/stock", "/batches", "/receivables/", "/contract-prices", "/price-list", "/credit-terms", "/schemes/{id}", "/change-requests");

    /// The wall between principals inside one distributor: staff that serves another principal sees none of this one's.
    @Test
    void staffOfAnotherPrincipalSeesNothingOfThisOne() {
        var samples = new Samples();
        modules.forEach(module -> module.add(samples));
        var world = new World(new Fixture(transactions, LocalDate.now(clock.withZone(ZoneId.of("Asia/Kolkata")))), people, port);
        long other = transactions.<Long>shared(jdbc -> jdbc.sql("insert into network.principal (code, name, legal_name, state_code) values (?, 'Moonrise', 'Moonrise Ltd', '27') returning id")
                .param("M-" + world.network.tag).query(Long.class).single());
        var faults = new ArrayList<String>();
        samples.all().forEach((operation, sample) -> {
            if (WALLED.stream().noneMatch(prefix -> operation.contains("/api/v1" + prefix))) return;
            var marker = sample.marker() == null ? null : sample.marker().apply(world);
            var request = sample.request().apply(world);
            var answer = world.walled(other, sample.roles()).send(request.method(), request.path(), request.body(), request.headers());
            boolean list = sample.kind() == Kind.LIST && answer.status() / 100 == 2;
            if (!list && answer.status() != 404) faults.add(operation + " answers staff of another principal " + cut(answer));
            if (list && marker != null && answer.text().contains(marker)) faults.add(operation + " shows " + marker + " to staff of another principal");
        });
        assertThat(faults).isEmpty();
    }

    private static void check(String operation, Samples.Sample sample, World world, List<String> faults) {
        var marker = sample.marker() == null ? null : sample.marker().apply(world);
        var request = sample.request().apply(world);
        // the stranger first: whatever was refused must have left no trace for the owner to trip over
        if (sample.kind() == Kind.HEAD_OFFICE && !request.method().equals("GET")) {
            var done = world.headOffice(sample.roles()).send(request.method(), request.path(), request.body(), request.headers());
            if (done.status() / 100 != 2) faults.add(operation + " answers the head office " + cut(done));
            return;
        }
        var refused = world.stranger(sample.roles()).send(request.method(), request.path(), request.body(), request.headers());
        var leaks = refused.status() == 404 ? List.<String>of() : world.leaks(refused.text());
        if (!leaks.isEmpty()) faults.add(operation + " shows " + leaks + " to a stranger: " + cut(refused));
        switch (sample.kind()) {
            case ROW -> {
                if (refused.status() != 404) faults.add(operation + " answers a stranger " + cut(refused));
            }
            case LIST -> {
                if (refused.status() != 404 && refused.status() / 100 != 2) faults.add(operation + " answers a stranger " + cut(refused));
            }
            case NOBODYS -> {
                if (refused.status() / 100 != 2) faults.add(operation + " belongs to nobody but answers a stranger " + cut(refused));
                if (sample.why().isBlank()) faults.add(operation + " does not say why it belongs to nobody");
            }
            case HEAD_OFFICE -> { }
            case ABSENT -> {
                if (refused.status() != 404) faults.add(operation + " is there: " + cut(refused));
                return;
            }
        }
        if (sample.kind() == Kind.NOBODYS && !request.method().equals("GET")) return;
        var client = sample.kind() == Kind.HEAD_OFFICE ? world.headOffice(sample.roles()) : world.owner(sample.roles());
        var answered = client.send(request.method(), request.path(), request.body(), request.headers());
        if (answered.status() / 100 != 2) {
            faults.add(operation + " answers its owner " + cut(answered));
        } else if (marker != null) {
            if (!answered.text().contains(marker)) faults.add(operation + " does not show " + marker + " to its owner: " + cut(answered));
            if (refused.text().contains(marker)) faults.add(operation + " shows " + marker + " to a stranger");
        }
    }

    private static String cut(Client.Answer answer) {
        var text = answer.toString();
        return text.substring(0, Math.min(400, text.length()));
    }
}
