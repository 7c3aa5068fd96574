package io.offtake.claims;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.governance.Policies;
import io.offtake.platform.TenantTransaction;
import io.offtake.platform.testing.ServerTest;
import io.offtake.platform.testing.TestDatabase;
import io.offtake.testing.Fixture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Clock;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/// All claims of a distributor in one batch: what a line costs, whatever their number. The suite takes five thousand lines;
/// `./offtake bench claims` ten thousand to a million.
@ServerTest
class ClaimBatchTest {
    private static final int[] SIZES = Arrays.stream(System.getProperty("claims.lines", "5000").split(",")).mapToInt(Integer::parseInt).toArray();
    private static final int LINES_OF_A_CLAIM = 2000;

    @Autowired TenantTransaction transactions;
    @Autowired TestDatabase database;
    @Autowired Claims claims;
    @Autowired Policies policies;
    @Autowired Clock clock;

    private record Run(int lines, int claims, double draftSeconds, double validateSeconds) {
        double micros() {
            return validateSeconds * 1e6 / lines;
        }
    }

    @Test
    @Tag("CLM-02") @Tag("CLM-06")
    void aLineCostsTheSameInASmallBatchAndInALargeOne() throws Exception {
        var runs = new ArrayList<Run>();
        if (SIZES.length > 1) run(5000);
        for (var size : SIZES) runs.add(run(size));
        var report = new StringBuilder();
        for (var run : runs)
            report.append(run.lines).append(" lines in ").append(run.claims).append(" claims: drafted in ").append(round(run.draftSeconds)).append(" s, validated in ").append(round(run.validateSeconds)).append(" s, ")
                    .append(round(run.micros())).append(" µs a line\n");
        double least = runs.stream().mapToDouble(Run::micros).min().orElseThrow();
        double most = runs.stream().mapToDouble(Run::micros).max().orElseThrow();
        report.append("dearest line ").append(round(most / least)).append(" times the cheapest\n");
        Files.writeString(Path.of("target/claims-batch.txt"), report);
    }

    private static double round(double value) {
        return Math.round(value * 100) / 100.0;
    }

    /// Bills of five lines, each outlet once in some days, under as many schemes as there are claims; half a year of as many bills before.
    private Run run(int lines) throws Exception {
        var network = new Fixture(transactions, LocalDate.now(clock.withZone(ZoneId.of("Asia/Kolkata"))));
        var distributor = network.distributor("BATCH");
        var world = new ClaimWorld(network, distributor, network.today().minusMonths(1).withDayOfMonth(1));
        world.policy("claim.holdout-percent", "0");
        world.policy("claim.straight-through-limit", "99999999");
        policies.refresh();
        int count = Math.max(1, lines / LINES_OF_A_CLAIM);
        var schemes = new ArrayList<Long>();
        for (int at = 0; at < count; at++) schemes.add(world.scheme("B" + at, ""));
        var outlets = world.outlets(Math.max(20, lines / 50));
        int bills = lines / 5;
        transactions.writeOn(distributor.id(), connection -> {
            for (int part = 0; part < 2; part++) {
                boolean history = part == 1;
                bills(connection, world, bills, outlets, schemes, history);
            }
            return true;
        });
        try (var connection = database.access().asMigrator(); var statement = connection.createStatement()) {
            statement.execute("analyze billing.invoice, billing.invoice_line, billing.scheme_benefit");
        }
        long began = System.nanoTime();
        var drafted = claims.draft(distributor.id(), YearMonth.from(world.from));
        long drafts = System.nanoTime();
        assertThat(drafted.lines()).isEqualTo(bills * 5);
        transactions.write(distributor.id(), db -> db.sql("update claims.claim_line set booked = claimed where distributor_id = ?").param(distributor.id()).update()
                + db.sql("update claims.claim set status = 'SUBMITTED', awaits = 'SYSTEM', submitted = claimed, submitted_at = now(), submitted_by = 'bench', submitted_id = 1 where distributor_id = ?").param(distributor.id()).update());
        try (var connection = database.access().asMigrator(); var statement = connection.createStatement()) {
            statement.execute("analyze claims.claim, claims.claim_line");
        }
        long start = System.nanoTime();
        assertThat(claims.validate(distributor.id())).isEqualTo(count);
        long end = System.nanoTime();
        assertThat(transactions.<Long>write(distributor.id(), db -> db.sql("select count(*) from claims.claim where distributor_id = ? and status = 'APPROVED'").param(distributor.id()).query(Long.class).single())).isEqualTo(count);
        return new Run(drafted.lines(), count, (drafts - began) / 1e9, (end - start) / 1e9);
    }

    private static void bills(Connection connection, ClaimWorld world, int bills, List<java.util.UUID> outlets, List<Long> schemes, boolean history) throws java.sql.SQLException {
        var distributor = world.distributor.id();
        var name = (history ? "h" : "m") + distributor;
        // each outlet on days of its own: two bills of one outlet lie at least four days apart
        var day = history ? "(date '" + world.from.minusDays(140) + "' + (g * 7919) % 139)" : "(date '" + world.from + "' + ((g % " + outlets.size() + ") % 4 + 5 * ((g / " + outlets.size() + ") % 5))::integer)";
        try (var statement = connection.prepareStatement("""
                insert into billing.invoice (distributor_id, id, kind, principal_id, outlet_id, warehouse_id, series, number, business_date, due_on, sale_type, payment_mode, gross, scheme_discount, manual_discount,
                       taxable, cgst, sgst, igst, cess, rounding, payable, cost, rule_book_hash, config_version, command, decision, printed, recorded_at, recorded_by)
                select ?, md5(? || g)::uuid, 'INVOICE', ?, (?::uuid[])[1 + g %% ?], ?, 'B/', 'B/' || (%s - date '2020-01-01') || lpad(g::text, 8, '0'), %s, %s, 'COUNTER', 'CREDIT',
                       100 + g, 0, 0, 100 + g, 0, 0, 0, 0, 0, 100 + g, 0, '', '', '{"outlet":{"channel":"GROCER","class":"A"}}', '{}', '{}', %s + interval '12 hours', 'bench'
                  from generate_series(1, ?) g""".formatted(day, day, day, day))) {
            statement.setLong(1, distributor);
            statement.setString(2, name);
            statement.setLong(3, world.network.principal);
            statement.setArray(4, connection.createArrayOf("uuid", outlets.toArray()));
            statement.setInt(5, outlets.size());
            statement.setObject(6, world.distributor.warehouse());
            statement.setInt(7, bills);
            statement.executeUpdate();
        }
        var skus = List.copyOf(world.network.skus.values());
        try (var statement = connection.prepareStatement("""
                insert into billing.invoice_line (distributor_id, business_date, invoice_id, line, part, kind, principal_id, outlet_id, sku_id, mrp, qty, free_qty, unit_price, gross, scheme_discount, manual_discount,
                       taxable, tax_rate, cgst, sgst, igst, cess, cost, hsn)
                select ?, %s, md5(? || g)::uuid, n, 1, 'BILLED', ?, (?::uuid[])[1 + g %% ?], (?::bigint[])[n], 0, (10 + g %% 7) * %s, 0, 1, 100, 4 + g %% 5, 0, 96, 0.05, 0, 0, 0, 0, 0, '3401'
                  from generate_series(1, ?) g cross join generate_series(1, 5) n""".formatted(day, history ? 5 : 1))) {
            statement.setLong(1, distributor);
            statement.setString(2, name);
            statement.setLong(3, world.network.principal);
            statement.setArray(4, connection.createArrayOf("uuid", outlets.toArray()));
            statement.setInt(5, outlets.size());
            statement.setArray(6, connection.createArrayOf("int8", skus.toArray()));
            statement.setInt(7, bills);
            statement.executeUpdate();
        }
        if (history) return;
        try (var statement = connection.prepareStatement("""
                insert into billing.scheme_benefit (distributor_id, business_date, invoice_id, line, part, scheme_id, scheme_version, principal_id, kind, amount, principal_share, distributor_share, claim_value)
                select ?, %s, md5(? || g)::uuid, n, 1, (?::bigint[])[1 + (g * 5 + n) %% ?], 1, ?, 'DISCOUNT', 4 + g %% 5, 4 + g %% 5, 0, 4 + g %% 5
                  from generate_series(1, ?) g cross join generate_series(1, 5) n""".formatted(day))) {
            statement.setLong(1, distributor);
            statement.setString(2, name);
            statement.setArray(3, connection.createArrayOf("int8", schemes.toArray()));
            statement.setInt(4, schemes.size());
            statement.setLong(5, world.network.principal);
            statement.setInt(6, bills);
            statement.executeUpdate();
        }
    }
}
